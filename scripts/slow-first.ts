import { statSync } from 'node:fs';

/**
 * The suites that take longest, by an idle machine with two cores, longest first. Jest starts with the largest files where it has not seen them
 * run, as in CI: a small file that plays the sweep would come last, and one core would wait for it.
 */
export const SLOW: readonly string[] = [
  'simulator/torture/torture',
  'pipelines/azure-devops',
  'teams/teams',
  'scenarios/conformance',
  'workflows/deployment',
  'scenarios/without-github',
  'phases/reachable',
  'scenarios/rollback-of-the-database',
  'in-process/several-apps',
  'scenarios/',
  'zoo/apps',
  'phases/advice',
  'in-process/flows',
  'preflight/breaks',
  'preflight/least-role',
  'docs/what-if',
  'simulator/torture/cases',
  'preflight/printed-commands',
  'bench/big-build',
];

interface Suite {
  readonly path: string;
}

/** Jest's sequencer: the slow suites first, then the others by their size. https://jestjs.io/docs/configuration#testsequencer-string */
export default class SlowFirst {
  sort<T extends Suite>(tests: readonly T[]): T[] {
    return [...tests].sort((one, other) => rankOf(one) - rankOf(other) || sizeOf(other) - sizeOf(one));
  }

  /** `--shard`: every nth, so that each part gets its share of the slow ones. */
  shard<T extends Suite>(
    tests: readonly T[],
    { shardIndex, shardCount }: { readonly shardIndex: number; readonly shardCount: number },
  ): T[] {
    return this.sort(tests).filter((_, index) => index % shardCount === shardIndex - 1);
  }

  /** `--onlyFailures` plays all: nothing is remembered. */
  allFailedTests<T>(tests: T): T {
    return tests;
  }

  cacheResults(): void {}
}

function rankOf({ path }: Suite): number {
  const rank = SLOW.findIndex((each) => path.includes(`__tests__/${each}`));
  return rank === -1 ? SLOW.length : rank;
}

function sizeOf({ path }: Suite): number {
  return statSync(path).size;
}
