import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';

/** What one start costs: wall-clock time, time of the processor, and resident memory at its peak. */
interface Start {
  readonly ms: number;
  readonly cpuMs: number;
  readonly mib: number;
}

export interface StartUp {
  /** `node -e 0`, in this very run: the machine's own pace. */
  readonly node: Start;
  /** A bundle that does nothing but load `@actions/core`, which every JavaScript action has. */
  readonly coreOnly: Start;
  /** The action with a wrong input: everything that it loads before it does anything. */
  readonly dist: Start;
  readonly distMib: number;
}

const TIMES = 20;

/**
 * Told by the process itself as it exits: nothing else sees its peak. On Linux `maxRSS` counts what the parent held when it
 * forked, too, so the kernel's own mark for this program is read where there is one.
 */
const TELL = `
const { existsSync, readFileSync, writeSync } = require('node:fs');
const status = '/proc/self/status';
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const mark = existsSync(status) && /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'latin1'))?.[1];
  writeSync(3, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, mib: Number(mark || maxRSS) / 1024 }));
});`;

/** Taken in turns, so that whatever else the machine does falls on all; medians. */
export async function measureStartUp(file = resolve('dist/index.js'), times = TIMES): Promise<StartUp> {
  const folder = mkdtempSync(join(tmpdir(), 'zdd-bench-'));
  try {
    const tell = join(folder, 'tell.cjs');
    writeFileSync(tell, TELL);
    const core = await coreOnly(folder);
    const [node, alone, dist]: [Start[], Start[], Start[]] = [[], [], []];
    for (let time = 0; time < times; time++) {
      node.push(await start(tell, ['-e', '0']));
      alone.push(await start(tell, [core]));
      dist.push(await start(tell, [file], { INPUT_PHASE: 'no-such-phase' }));
    }
    return { node: median(node), coreOnly: median(alone), dist: median(dist), distMib: sizeOf(dirname(file)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function coreOnly(folder: string): Promise<string> {
  const outfile = join(folder, 'core-only.mjs');
  await build({
    stdin: { contents: "import { getInput } from '@actions/core'; getInput('phase');", resolveDir: resolve('.') },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    outfile,
    logLevel: 'silent',
  });
  return outfile;
}

function start(tell: string, parameters: readonly string[], environment: Record<string, string> = {}): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--require', tell, ...parameters], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stdio[3]?.on('data', (bytes: Buffer) => {
    told += bytes.toString();
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', () => {
      const ms = performance.now() - startedAt;
      done({ ms, ...(JSON.parse(told) as Omit<Start, 'ms'>) });
    });
  });
}

function median(starts: readonly Start[]): Start {
  const of = (value: (start: Start) => number) =>
    starts.map(value).toSorted((one, other) => one - other)[Math.floor(starts.length / 2)] ?? 0;
  return { ms: of(({ ms }) => ms), cpuMs: of(({ cpuMs }) => cpuMs), mib: of(({ mib }) => mib) };
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files.reduce((sum, each) => sum + statSync(join(each.parentPath, each.name)).size, 0) / 2 ** 20;
}
