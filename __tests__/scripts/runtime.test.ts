import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const CONFIG = readFileSync(join(ROOT, 'jest.config.js'), 'utf8').replaceAll('<rootDir>/scripts', `${ROOT}/scripts`);
const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
const folder = mkdtempSync(join(tmpdir(), 'zdd-suites-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Plays the suites with what our own are played with; the result of each test and of each suite. */
function play(suites: Readonly<Record<string, string>>): Record<string, string> {
  const root = mkdtempSync(join(folder, 'root-'));
  writeFiles(root, { ...suites, 'package.json': '{ "type": "module" }', 'jest.config.js': CONFIG });
  const result = join(root, 'result.json');
  spawnSync(process.execPath, [JEST, '--runInBand', '--json', '--outputFile', result], { cwd: root });
  const { testResults } = JSON.parse(readFileSync(result, 'utf8')) as { readonly testResults: readonly Played[] };
  const played = testResults.flatMap(({ name, status, assertionResults }) => [
    [name.replace(/.*__tests__\//, ''), status],
    ...assertionResults.map(({ title, status }) => [title, status]),
  ]);
  return Object.fromEntries(played);
}

interface Played {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
}

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

test('what goes wrong is told of the test in which it goes wrong', () => {
  const words = `import { afterAll, describe, expect, test } from '@jest/globals';\n`;
  const played = play({
    '__tests__/fails.test.ts': `${words}
      test('holds', () => expect([1] as readonly number[]).toEqual([1]));
      test('does not hold', () => expect(1).toBe(2));
      test('rejects', async () => { throw new Error('no'); });
      test('leaves a promise behind', async () => { Promise.reject(new Error('no')); await new Promise(setImmediate); });
      test('does not end', () => new Promise(() => undefined), 50);
      test.each([[1], [2]])('of each: %i', (nr) => expect(nr).toBe(1));`,
    '__tests__/hook.test.ts': `${words} afterAll(() => { throw new Error('no'); }); test('before', () => undefined);`,
    '__tests__/load.test.ts': `${words} test('is not played', () => undefined); throw new Error('no');`,
    '__tests__/missing.test.ts': `import './nothing.ts';`,
    '__tests__/nothing-in-it.test.ts': '',
  });
  expect(played).toEqual({
    'fails.test.ts': 'failed',
    holds: 'passed',
    'does not hold': 'failed',
    rejects: 'failed',
    'leaves a promise behind': 'failed',
    'does not end': 'failed',
    'of each: 1': 'passed',
    'of each: 2': 'failed',
    'hook.test.ts': 'failed',
    before: 'passed',
    'load.test.ts': 'failed',
    'missing.test.ts': 'failed',
    'nothing-in-it.test.ts': 'failed',
  });
});

test('a suite finds nothing of what another has changed, and sources are loaded once', () => {
  const suite = (name: string) => `
    import { appendFileSync } from 'node:fs';
    import { expect, test } from '@jest/globals';
    import { made } from './made.ts';
    test('${name} begins with nothing', async () => {
      expect([process.env.LEFT, process.env.HOME, made, (await import('./made.ts')).made]).toEqual([undefined, ${JSON.stringify(process.env.HOME)}, [], []]);
      expect(process.cwd()).not.toBe('/');
      made.push('something');
      process.env.LEFT = 'behind';
      delete process.env.HOME;
      process.chdir('/');
    });`;
  const played = play({
    'source.ts': `import { appendFileSync } from 'node:fs'; appendFileSync(new URL('loaded', import.meta.url), 'loaded ');`,
    '__tests__/made.ts': `import { afterAll } from '@jest/globals'; import '../source.ts';
      import { appendFileSync } from 'node:fs';
      export const made: string[] = [];
      afterAll(() => appendFileSync(new URL('../ended', import.meta.url), made.join()));`,
    '__tests__/one.test.ts': suite('one'),
    '__tests__/other.test.ts': suite('the other'),
    '__tests__/third.test.ts': `import { existsSync, readFileSync } from 'node:fs';
      import { expect, test } from '@jest/globals';
      const read = (name: string) => readFileSync(new URL(name, new URL('../', import.meta.url)), 'utf8');
      test('hooks of both were called, and the source was loaded once', () =>
        expect([read('ended'), read('loaded')]).toEqual(['somethingsomething', 'loaded ']));`,
  });
  expect(played).toEqual({
    'one.test.ts': 'passed',
    'one begins with nothing': 'passed',
    'other.test.ts': 'passed',
    'the other begins with nothing': 'passed',
    'third.test.ts': 'passed',
    'hooks of both were called, and the source was loaded once': 'passed',
  });
});
