import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { deployer, preparer } from '../../scripts/roles.ts';

const script = fileURLToPath(new URL('../../scripts/set-up', import.meta.url));

test('scripts/set-up defines the roles with which every phase is tested', () => {
  const roles = [...readFileSync(script, 'utf8').matchAll(/^# (\w+):begin\n([\s\S]*?)\n# \1:end$/gm)];
  expect(roles.map(([, name, json = '']) => [name, JSON.parse(json)])).toEqual([
    ['role', deployer],
    ['preparer', preparer],
  ]);
});

test('scripts/set-up.bicep gives the same actions', () => {
  const module = readFileSync(new URL('../../scripts/set-up.bicep', import.meta.url), 'utf8');
  const [, actions = ''] = /\/\/ role:begin[^\n]*\n([\s\S]*?)\/\/ role:end/.exec(module) ?? [];
  expect([...actions.matchAll(/'(.*)'/g)].map(([, action]) => action)).toEqual(deployer.Actions);
});

const RIGHT = ['--group', 'shop', '--app', 'shop', '--repository', 'shop/web'];

test.each([
  [[], '--group is "". Allowed: the name of a resource group'],
  [[...RIGHT, '--app', 'a;b'], '--app is "a;b". Allowed: the name of an app: letters, digits and "-"'],
  [[...RIGHT, '--repository', 'web'], '--repository is "web". Allowed: <owner>/<repository>'],
  [[...RIGHT, '--name', "x' or '"], `--name is "x' or '". Allowed: letters, digits, ".", "-" and "_"`],
  [[...RIGHT, '--reviewer', '../me'], '--reviewer is "../me". Allowed: a login on GitHub'],
  [[...RIGHT, '--reviewer'], '--reviewer needs a value, or is no option: see --help'],
  [[...RIGHT, '--environment', 'production'], '--environment and --approval-environment are both "production"'],
  [[...RIGHT, '--nope', 'x'], '--nope is no option: see --help'],
])('scripts/set-up %j is refused before anything is asked', (words, sentence) => {
  expect(run(words)).toEqual({ code: 2, said: expect.stringContaining(sentence) });
});

test('scripts/set-up says what is not installed', () => {
  expect(run(RIGHT)).toEqual({ code: 3, said: expect.stringContaining('az is not installed. Get it: https://') });
});

/** Where there is neither az nor gh. */
function run(words: readonly string[]): { code: number | null; said: string } {
  const nowhere = ['-c', 'PATH=/nowhere; source "$0" "$@"', script, ...words];
  const { status, stdout, stderr } = spawnSync('bash', nowhere, { encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}
