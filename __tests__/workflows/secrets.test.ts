import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const WORKFLOWS = resolve(import.meta.dirname, '../../.github/workflows');

interface Job {
  readonly uses?: string;
  readonly environment?: unknown;
  readonly permissions?: unknown;
  readonly secrets?: unknown;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly name?: string }[];
}

describe.each(readdirSync(WORKFLOWS))('%s', (file) => {
  const text = readFileSync(join(WORKFLOWS, file), 'utf8');
  const { jobs, ...rest } = parse(text) as { jobs: Readonly<Record<string, Job>> };
  const steps = Object.values(jobs).flatMap(({ steps = [] }) => steps);

  test('gives secrets only to steps that run this action, and to workflows that it calls', () => {
    const { on: _declared, ...elsewhere } = rest as { on?: unknown };
    expect(mentions(elsewhere)).toEqual([]);
    for (const { steps: _steps, secrets: _passed, ...job } of Object.values(jobs)) expect(mentions(job)).toEqual([]);
    const others = steps.filter(({ uses }) => !uses?.startsWith('org/zdd-action@'));
    expect(mentions(others)).toEqual([]);
  });

  test('runs the actions of others at a commit, which cannot move', () => {
    const uses = [...steps, ...Object.values(jobs)].flatMap((each) => (each.uses === undefined ? [] : [each.uses]));
    const others = uses.filter((name) => !name.startsWith('org/zdd-action') && !name.startsWith('./'));
    expect(others.filter((name) => !/@[0-9a-f]{40}$/.test(name))).toEqual([]);
  });

  test('puts no expression into a script, where its value would be run', () => {
    expect(steps.filter(({ run }) => run?.includes('${{')).map(({ name, run }) => name ?? run)).toEqual([]);
  });

  const { on } = rest as { readonly on: Readonly<Record<string, unknown>> };
  const isCalled = Object.keys(on).join() === 'workflow_call';

  test('says what its token may do, or leaves that to whoever calls it', () => {
    expect('permissions' in rest).toBe(!isCalled);
    expect(on).not.toHaveProperty('pull_request_target');
  });

  // GitHub holds a job of a called workflow against what its caller grants before it starts anything, and says nothing when it is less.
  if (isCalled)
    test('asks its caller for no right that a run may do without', () => {
      const asked = Object.values(jobs).flatMap(({ permissions }) => (permissions === undefined ? [] : [permissions]));
      expect(asked.filter((each) => !isDeepStrictEqual(each, { actions: 'read' }))).toEqual([]);
    });
});

/** Secrets that a part of a workflow reads; the job's own token is none that anybody keeps. */
function mentions(part: unknown): readonly string[] {
  return JSON.stringify(part).match(/\bsecrets\.\w+|\bsecrets\s*\[|secrets: inherit/g) ?? [];
}
