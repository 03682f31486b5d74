import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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

test('what a cancelled command started must have its time to end well, and no more than that', async () => {
  const cancel = new AbortController();
  const running = runIn(
    workspace,
    environment,
    process,
    1000,
  )(
    `bash -c 'trap "sleep 0.1; echo well > ended; exit" TERM; echo go > willing; while :; do sleep 0.02; done' &
     bash -c 'trap "" TERM; echo $$ > unwilling; while :; do sleep 0.02; done' &
     wait`,
    {},
    cancel.signal,
  );
  await fileAppears('willing');
  await fileAppears('unwilling');
  cancel.abort(new Error('cancelled'));
  await expect(running).rejects.toThrow('cancelled');
  expect(readFileSync(join(workspace, 'ended'), 'utf8')).toBe('well\n');
  await expect(gone(Number(readFileSync(join(workspace, 'unwilling'), 'utf8')))).resolves.toBe(true);
});

test('what a good command leaves running must end with it, without being waited for', async () => {
  const startedAt = performance.now();
  const run = runIn(workspace, environment);
  expect(await run('sleep 600 & echo $! > pid', {})).toEqual({ exitCode: 0 });
  expect(performance.now() - startedAt).toBeLessThan(4000);
  await expect(gone(Number(readFileSync(join(workspace, 'pid'), 'utf8')))).resolves.toBe(true);
});

test('a command that is cancelled while it starts must end, too', async () => {
  const cancel = new AbortController();
  const running = runIn(workspace, environment)('exec sleep 600', {}, cancel.signal);
  cancel.abort(new Error('cancelled'));
  await expect(running).rejects.toThrow('cancelled');
});

test('the output must be what the command wrote and nothing else, and our own process must be free to end', async () => {
  const script = `import { runIn } from ${JSON.stringify(new URL('../../src/system/command.ts', import.meta.url).href)};
    await runIn('.', process.env)('cat; echo one; echo two >&2; kill -TERM $$', {}).then(({ exitCode }) => console.log(exitCode));`;
  writeFileSync(join(workspace, 'start-up'), 'echo hello; unset BASH_ENV');
  const node = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], {
    cwd: workspace,
    // A start-up file of the shell may write first.
    env: { ...process.env, BASH_ENV: join(workspace, 'start-up') },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(node.stdout), text(node.stderr)]);
  expect({ out, err }).toEqual({ out: 'hello\none\n143\n', err: 'two\n' });
});

test('a shell that is not there must be said so', async () => {
  const path = process.env.PATH;
  process.env.PATH = workspace;
  try {
    const run = runIn(workspace, environment)('true', {});
    await expect(run).rejects.toMatchObject({ happened: expect.stringContaining('Could not start bash') });
  } finally {
    process.env.PATH = path;
  }
});

/** Resolves when the command has written the file. */
async function fileAppears(name: string): Promise<void> {
  const changes = watch(workspace);
  // Caught here: it is not awaited where the file is there already, and would fail whichever test runs then.
  const written = once(changes, 'change', { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  if (!existsSync(join(workspace, name))) await written;
  changes.close();
  if (!existsSync(join(workspace, name))) return fileAppears(name);
}

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
