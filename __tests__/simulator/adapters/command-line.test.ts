import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import type { Ready } from '../../../simulator/adapters/options.ts';
import { tinyFiles } from './tiny-app.ts';
import { isAlive, until } from './until.ts';

const MAIN = join(import.meta.dirname, '../../../simulator/main.ts');
let directory: string;
let simulator: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'command-line-'));
  writeFileSync(join(directory, 'app.zip'), zipSync(tinyFiles()));
});

afterEach(() => {
  simulator?.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('after %s no process of an app is left', async (signal) => {
  const ready = await start();
  const { pid } = JSON.parse(await get(ready, ready.productionUrl)) as { pid: number };
  const state = JSON.parse(await get(ready, `${ready.resourceManager}/simulator/state`)) as {
    processes: unknown[];
  };
  expect(state.processes).toHaveLength(2);
  expect(isAlive(pid)).toBe(true);
  const ended = once(simulator as ChildProcess, 'exit');
  simulator?.kill(signal);
  await ended;
  await until(() => !isAlive(pid));
});

test('an unknown variant and a time scale that is none are refused by name, and nothing starts', async () => {
  expect(await refusal('--variant', 'rain')).toContain('rain');
  expect(await refusal('--time-scale', '0')).toContain('above 0');
});

async function start(): Promise<Ready> {
  const file = join(directory, 'ready.json');
  const written = new Promise<void>((resolve) => {
    const watcher = watch(directory, () => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    });
  });
  run(
    '--ready-file',
    file,
    '--hosts',
    'ports',
    '--time-scale',
    '60',
    '--package',
    join(directory, 'app.zip'),
    '--data',
    directory,
  );
  await written;
  return JSON.parse(readFileSync(file, 'utf8')) as Ready;
}

async function refusal(...args: string[]): Promise<string> {
  const file = join(directory, 'ready.json');
  const child = run('--ready-file', file, ...args);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(existsSync(file)).toBe(false);
  return said;
}

function run(...args: string[]): ChildProcess {
  simulator = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], { stdio: 'pipe' });
  return simulator;
}

function get(ready: Ready, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(ready.caFile);
    const sent = request(url, { ca, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end();
  });
}
