import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const FOLDER = new URL('../../.github/workflows/', import.meta.url);

/** GitHub's own limit of six hours is as long as a hanging run keeps visitors read-only. */
test.each(readdirSync(FOLDER))('every job of %s that runs on a runner has a time limit', (file) => {
  const { jobs }: { jobs: Record<string, Record<string, unknown>> } = parse(
    readFileSync(new URL(file, FOLDER), 'utf8'),
  );
  const endless = Object.entries(jobs).filter(
    ([, job]) => job.uses === undefined && job['timeout-minutes'] === undefined,
  );
  expect(endless.map(([name]) => name)).toEqual([]);
});
