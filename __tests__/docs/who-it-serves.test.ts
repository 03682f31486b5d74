import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { whoItServes } from '../../scripts/who-it-serves.ts';
import { teams } from '../teams/all.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(resolve(ROOT, path), 'utf8');

test('the page is what the tests of the teams make of it: npm run readme', () => {
  expect(textOf('docs/who-it-serves.md')).toBe(whoItServes());
});

test('there are 22 teams, in order, each with a name of its own', () => {
  expect(teams.map(({ nr }) => nr)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1));
  expect(new Set(teams.map(({ name }) => name)).size).toBe(22);
});

test('what a team writes can be told to the reusable workflow, as an input or as a secret', () => {
  const { inputs, secrets } = parse(textOf('.github/workflows/zero-downtime.yml')).on.workflow_call;
  const written = new Set(teams.flatMap(({ writes }) => Object.keys(writes)));
  const untold = [...written].filter(
    (input) => !(input in inputs) && !(`ZDD_${input.toUpperCase().replaceAll('-', '_')}` in secrets),
  );
  expect(untold).toEqual([]);
});
