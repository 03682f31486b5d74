import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { holds } from '../../simulator/github/expressions.ts';

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly shell?: string;
}

interface Workflow {
  readonly on: {
    readonly workflow_call: { readonly inputs: Readonly<Record<string, { readonly description?: string }>> };
  };
  readonly jobs: Readonly<Record<string, { readonly 'runs-on'?: string; readonly steps?: readonly Step[] }>>;
}

describe.each(['zero-downtime.yml', 'zero-downtime-rollback.yml'])('%s', (file) => {
  const url = new URL(`../../.github/workflows/${file}`, import.meta.url);
  const { on, jobs }: Workflow = parse(readFileSync(url, 'utf8'), { merge: true });
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const scripts = steps.flatMap(({ name, run, shell }) => (run === undefined ? [] : [{ name, run, shell }]));

  test('each job runs where it was told, by one label or by several', () => {
    const where = Object.values(jobs).flatMap((job) => job['runs-on'] ?? []);
    expect(where.length).toBeGreaterThan(3);
    for (const each of where) {
      const expression = /^\$\{\{ (.*) \}\}$/.exec(each)?.[1] ?? each;
      const with_ = (runsOn: string) => ({ contexts: { inputs: { 'runs-on': runsOn } } });
      expect(holds(`(${expression}) == 'ubuntu-latest'`, with_('ubuntu-latest'))).toBe(true);
      const several = with_('["self-hosted", "vnet"]');
      expect(
        ['self-hosted', 'vnet', 'self'].map((label) => holds(`contains(${expression}, '${label}')`, several)),
      ).toEqual([true, true, false]);
    }
  });

  test('each script says what runs it, so that it does the same on Linux and on Windows', () => {
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.filter(({ shell }) => shell !== 'bash' && shell !== 'node {0}')).toEqual([]);
  });

  test('a script of Node is one without a module, and that the runner needs Node is said where it is named', () => {
    const ofNode = scripts.filter(({ shell }) => shell === 'node {0}');
    expect(ofNode.length).toBeGreaterThan(0);
    // The runner writes it to a file without an ending, which Node takes for CommonJS.
    for (const { run } of ofNode) expect(() => compileFunction(run)).not.toThrow();
    expect(on.workflow_call.inputs['runs-on']?.description).toMatch(/Node\.js 20 or later/);
  });

  test('without require-review no script of Node runs, so that a runner needs none', () => {
    const needing = steps.filter(({ shell }) => shell === 'node {0}').map((step) => step.if ?? '');
    const whether = (condition: string, review: boolean) =>
      holds(/^\$\{\{ (.*) \}\}$/.exec(condition)?.[1] ?? condition, {
        contexts: { inputs: { 'require-review': review, rehearsal: false } },
      });
    expect(needing.length).toBeGreaterThan(0);
    expect(needing.map((condition) => [whether(condition, true), whether(condition, false)])).toEqual(
      needing.map(() => [true, false]),
    );
  });
});
