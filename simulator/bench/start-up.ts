import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** What one start of Node costs, in ms of wall-clock time and MiB of resident memory at its peak. */
interface Start {
  readonly ms: number;
  readonly mib: number;
}

export interface StartUp {
  /** `node -e 0`, in this very run: the machine's own pace. */
  readonly node: Start;
  /** The action with a wrong input: everything that it loads before it does anything. */
  readonly dist: Start;
}

const TIMES = 5;

/**
 * Told by the process itself as it exits, in KiB: nothing else sees the peak. On Linux `maxRSS` counts what the parent held
 * when it forked, too, so the kernel's own mark for this program is read where there is one.
 */
const TELL_PEAK = `--import=data:text/javascript,${encodeURIComponent(
  "import { existsSync, readFileSync, writeSync } from 'node:fs';" +
    "const status = '/proc/self/status';" +
    'const mark = () => existsSync(status) && /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, "latin1"))?.[1];' +
    "process.on('exit', () => writeSync(3, String(mark() || process.resourceUsage().maxRSS)));",
)}`;

/** Taken in turns, so that whatever else the machine does falls on both; the least counts, since it only ever adds. */
export async function measureStartUp(file = resolve('dist/index.js')): Promise<StartUp> {
  const node: Start[] = [];
  const dist: Start[] = [];
  for (let time = 0; time < TIMES; time++) {
    node.push(await start(['-e', '0']));
    dist.push(await start([file], { INPUT_PHASE: 'no-such-phase' }));
  }
  return { node: leastOf(node), dist: leastOf(dist) };
}

function start(parameters: readonly string[], environment: Record<string, string> = {}): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [TELL_PEAK, ...parameters], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stdio[3]?.on('data', (bytes: Buffer) => {
    told += bytes.toString();
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', () => done({ ms: performance.now() - startedAt, mib: Number(told) / 1024 }));
  });
}

function leastOf(starts: readonly Start[]): Start {
  return { ms: Math.min(...starts.map(({ ms }) => ms)), mib: Math.min(...starts.map(({ mib }) => mib)) };
}
