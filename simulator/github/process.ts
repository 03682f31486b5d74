import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

interface ProcessRequest {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Every line of standard output and standard error, in order of arrival. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
  readonly clockRate: number;
}

/** Milliseconds; actions/runner src/Runner.Sdk/ProcessInvoker.cs. */
const AFTER_SIGINT = 7500;
const AFTER_SIGTERM = 2500;
const FOR_OPEN_STREAMS = 5000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) killTree(child);
});

/**
 * Runs a program as the runner does. When the signal aborts: SIGINT to the program itself, after 7.5 s
 * SIGTERM, after another 2.5 s the whole tree is killed. Resolves with the exit code.
 */
export async function runProcess(request: ProcessRequest): Promise<number> {
  const { signal, clockRate } = request;
  const child = spawn(request.file, request.arguments, {
    cwd: request.cwd,
    env: request.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  const streams = [child.stdout, child.stderr].map((stream) => {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', request.onLine);
    return new Promise<void>((resolve) => lines.once('close', resolve));
  });
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, killedBy) => resolve(code ?? (killedBy === 'SIGKILL' ? 137 : 143)));
  });
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, act: () => void) => timers.push(setTimeout(act, ms / clockRate));
  const cancel = () => {
    child.kill('SIGINT');
    after(AFTER_SIGINT, () => child.kill('SIGTERM'));
    after(AFTER_SIGINT + AFTER_SIGTERM, () => killTree(child));
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  try {
    const code = await exit;
    const patience = new Promise<void>((resolve) => after(FOR_OPEN_STREAMS, resolve));
    await Promise.race([Promise.all(streams), patience]);
    return code;
  } finally {
    signal.removeEventListener('abort', cancel);
    for (const timer of timers) clearTimeout(timer);
    child.stdout.destroy();
    child.stderr.destroy();
    running.delete(child);
  }
}

/**
 * Ends what a job left running: every process whose environment still carries its RUNNER_TRACKING_ID
 * (actions/runner src/Runner.Worker/JobExtension.cs). Only where /proc tells. Returns their ids.
 */
export function endOrphans(trackingId: string): number[] {
  const orphans = processFolders().filter((entry) => {
    try {
      return readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(`RUNNER_TRACKING_ID=${trackingId}`);
    } catch {
      return false;
    }
  });
  for (const orphan of orphans) kill(Number(orphan));
  return orphans.map(Number);
}

/** Kills the program's group and, where /proc tells, descendants that left the group. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  for (const pid of [-child.pid, ...descendants(child.pid)]) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of processFolders()) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // Ended while we looked.
    }
  }
  const found = [root];
  for (const ancestor of found) {
    for (const [pid, parent] of parents) if (parent === ancestor) found.push(pid);
  }
  return found.slice(1);
}

function processFolders(): string[] {
  try {
    return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
}
