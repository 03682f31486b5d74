import { spawn } from 'node:child_process';
import { Stop } from '../errors.ts';
import type { RunCommand } from '../ports.ts';

/** Between asking the command's processes to end and ending them: shorter than the runner's own patience with us. */
const GRACE_MS = 5_000;

/**
 * Runs the user's command as a `run:` step would, in the workspace, its output on ours. It gets a process group of its own, so that
 * everything it started ends with it: a migration that outlives a cancelled job would write into a database that others change.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export function runIn(workspace: string, baseEnvironment: Readonly<Record<string, string | undefined>>): RunCommand {
  return async (command, environment, signal) => {
    signal?.throwIfAborted();
    const windows = process.platform === 'win32';
    const [shell, ...parameters] = windows
      ? [
          'pwsh',
          '-NoProfile',
          '-NonInteractive',
          '-Command',
          `$ErrorActionPreference = 'stop'; ${command}\nexit $LASTEXITCODE`,
        ]
      : ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', command];
    const child = spawn(shell, parameters, {
      cwd: workspace,
      env: { ...baseEnvironment, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: !windows,
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', (cause) => {
        reject(
          new Stop('failed', `Could not start ${shell}: ${cause.message}.`, 'Install it on the runner.', { cause }),
        );
      });
      // A process that was ended by a signal has no exit code; it did not succeed.
      child.once('exit', (code) => resolve(code ?? 1));
    });
    let patience: NodeJS.Timeout | undefined;
    const stop = () => {
      endGroup(child.pid, 'SIGTERM');
      patience = setTimeout(() => endGroup(child.pid, 'SIGKILL'), GRACE_MS);
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const exitCode = await ended;
      signal?.throwIfAborted();
      return { exitCode };
    } finally {
      signal?.removeEventListener('abort', stop);
      clearTimeout(patience);
      // The shell is gone; whatever it started and left behind goes, too.
      if (signal?.aborted) endGroup(child.pid, 'SIGKILL');
    }
  };
}

/** Sends the signal to the whole group; that nobody is left in it is fine. */
function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' }).on('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const { code }: { code?: unknown } = Object(error);
    if (code !== 'ESRCH') throw error;
  }
}
