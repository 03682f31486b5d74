import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { faults } from '../../../simulator/torture/faults.ts';
import type { Tried } from '../../../simulator/torture/tried.ts';

let tried: Readonly<Record<string, Tried>>;

/** In a process of its own: the sweep replaces parts of Node. */
beforeAll(async () => {
  const sweep = ['--disable-warning=ExperimentalWarning', 'simulator/torture/main.ts', '--list'];
  const { stdout } = await promisify(execFile)(process.execPath, [...sweep, '--scenario', 'one,command']);
  tried = JSON.parse(stdout);
}, 60_000);

test('the sweep leaves no fault out', () => {
  expect(faults.map(({ name }) => name).filter((name) => tried[name] === undefined)).toEqual([]);
});

test('the sweep tries at reads the faults that say that they apply there, and no other', () => {
  const applying = faults.filter(({ atReads }) => atReads !== 'never').map(({ name }) => name);
  const met = faults.map(({ name }) => name).filter((name) => (tried[name]?.reads ?? 0) > 0);
  expect(met).toEqual(applying);
  expect(met).toEqual(expect.arrayContaining(['error-500', 'token-challenged']));
});
