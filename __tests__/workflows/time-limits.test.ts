import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { inputDefaults } from '../../src/inputs/declared.ts';
import { phaseNames, traitsOf } from '../../src/settings/phases.ts';

const FOLDER = new URL('../../.github/workflows/', import.meta.url);

interface Job {
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

function jobsOf(file: string): readonly (readonly [string, Job])[] {
  return Object.entries<Job>(parse(readFileSync(new URL(file, FOLDER), 'utf8')).jobs);
}

/** GitHub's own limit of six hours is as long as a hanging run keeps visitors read-only. */
test.each(readdirSync(FOLDER))('every job of %s that runs on a runner has a time limit', (file) => {
  const endless = jobsOf(file).filter(([, job]) => job.uses === undefined && job['timeout-minutes'] === undefined);
  expect(endless.map(([name]) => name)).toEqual([]);
});

test('a job that may move visitors has the time for it: none is killed in the middle of a swap', () => {
  const moving = readdirSync(FOLDER)
    .flatMap((file) => jobsOf(file).map(([name, job]) => ({ name: `${file} ${name}`, job })))
    .filter(({ job }) => job.steps?.some(mayMove));
  const short = moving.filter(({ job }) => (job['timeout-minutes'] ?? 0) * 60 < secondsOf(LONGEST));
  expect(moving.map(({ name }) => name)).toContain('example-watchdog.yml watch');
  expect(moving.length).toBeGreaterThan(5);
  expect(short.map(({ name }) => name)).toEqual([]);
});

/** What a way back takes at the longest: the build is proven where it is, visitors are moved to it, and how that ended is found out. */
const LONGEST = ['health-timeout', 'swap-timeout', 'swap-settle-seconds'] as const;

function secondsOf(inputs: typeof LONGEST): number {
  return inputs.reduce((sum, input) => sum + Number(inputDefaults[input]), 0);
}

/** Looks alone, with a limit for the window, may be told to bring visitors back. */
function mayMove({ uses, env, with: passed }: Step): boolean {
  if (!uses?.startsWith('org/zdd-action@')) return false;
  const phases = String(env?.PHASE ?? passed?.phase);
  if (phases === 'status') return passed?.['on-window-exceeded'] !== undefined;
  return phaseNames.some((phase) => traitsOf[phase].watches && phases.includes(phase));
}
