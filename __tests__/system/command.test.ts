import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runIn } from '../../src/system/command.ts';

let workspace = '';
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'command-'));
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

const environment = { PATH: process.env.PATH };

test('a command must run in the workspace, with its environment, as a run step does', async () => {
  const run = runIn(workspace, environment);
  const command = 'printf %s "$ZDD_DATABASE" > out; false; echo not reached > out';
  expect(await run(command, { ZDD_DATABASE: 'shop' })).toEqual({ exitCode: 1 });
  expect(readFileSync(join(workspace, 'out'), 'utf8')).toBe('shop');
});

test('a failure inside a pipe must be a failure, and a good command none', async () => {
  const run = runIn(workspace, environment);
  expect((await run('exit 3 | cat', {})).exitCode).toBe(3);
  expect((await run('true', {})).exitCode).toBe(0);
});

test('everything that a cancelled command started must end with it', async () => {
  const cancel = new AbortController();
  const running = runIn(workspace, environment)(
    'sleep 600 & echo $! > pid; mkfifo ready; cat ready; wait',
    {},
    cancel.signal,
  );
  // Writing to the pipe ends only when the command reads it, and then the child is there.
  const opened = spawn('bash', ['-c', 'until [ -p ready ]; do :; done; echo go > ready'], { cwd: workspace });
  await new Promise((resolve) => opened.once('exit', resolve));
  cancel.abort(new Error('cancelled'));
  await expect(running).rejects.toThrow('cancelled');
  const child = Number(readFileSync(join(workspace, 'pid'), 'utf8'));
  await expect(gone(child)).resolves.toBe(true);
});

/** True when the process is gone, or a zombie that waits for its reaper; looks again for two seconds. */
async function gone(pid: number): Promise<boolean> {
  for (const end = Date.now() + 2000; Date.now() < end; ) {
    try {
      const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
      if (state === 'Z' || state === 'X') return true;
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  process.kill(pid, 'SIGKILL');
  return false;
}
