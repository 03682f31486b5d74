import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reaper } from './reaper.ts';
import type { StartCommand } from './start-command.ts';

/** A running process and its group. */
export interface Child {
  readonly pid: number;
  /** Resolves with the exit code (128 + signal number's shell convention is not used: a signal counts as 1). */
  readonly ended: Promise<number>;
  /** Signals the whole group: what the app started itself must not be left behind. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts a command in a process group of its own, its output going to a file. */
export function startChild(
  command: StartCommand,
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly logFile: string;
    readonly reaper: Reaper;
  },
): Child {
  const log = openSync(options.logFile, 'a');
  const child = spawn(command.file, command.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const { pid } = child;
  const signal = (name: 'SIGTERM' | 'SIGKILL') => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // The group has ended.
    }
  };
  if (pid !== undefined) options.reaper.watch(pid);
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => {
      signal('SIGKILL');
      if (pid !== undefined) options.reaper.forget(pid);
      resolve(code ?? 1);
    });
  });
  return { pid: pid ?? 0, ended, signal };
}

const LISTEN_POLL_MS = 15;

/** Resolves true when something accepts connections on the port, false when `signal` aborts first. */
export async function listensOn(port: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await accepts(port)) return true;
    await pause(LISTEN_POLL_MS);
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
