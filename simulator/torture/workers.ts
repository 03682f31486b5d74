import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { DepthName } from './depth.ts';
import type { Outcome } from './outcome.ts';
import type { Part } from './part.ts';

/** What a worker is told to do. */
export interface WorkOrder {
  readonly index: number;
  readonly of: number;
  readonly stride: number;
  /** Which part of them. Default: all. */
  readonly part?: Part;
  /** How many cases, see there. Default: usual. */
  readonly depth?: DepthName;
  /** Which of what is played by turns. Default: 0. */
  readonly turn?: number;
  readonly scenarios: readonly string[];
  /** Regular expression that the ids of its cases match. */
  readonly only: string;
  /** Instead of the scenarios' own paths. */
  readonly paths?: readonly string[];
  /** Name of a planted fault, see `planted/`. */
  readonly planted?: string;
}

/** Cases are processor work, so each core gets a process of its own. */
export async function sweepWithWorkers(
  order: Omit<WorkOrder, 'index' | 'of'>,
  tell: (outcome: Outcome) => void,
  count = availableParallelism(),
  signal?: AbortSignal,
): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => work({ ...order, index, of: count }, tell, signal)));
}

function work(order: WorkOrder, tell: (outcome: Outcome) => void, signal: AbortSignal | undefined): Promise<void> {
  const file = fileURLToPath(new URL('worker.ts', import.meta.url));
  const planted = order.planted === undefined ? [] : ['--import', new URL('planted/hook.ts', import.meta.url).href];
  const child = fork(file, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...planted],
    env: { ...process.env, ...(order.planted === undefined ? {} : { TORTURE_PLANTED: order.planted }) },
  });
  return new Promise((resolve, reject) => {
    child.on('message', (outcome: Outcome) => tell(outcome));
    child.on('error', reject);
    signal?.addEventListener('abort', () => child.kill());
    child.on('exit', (code) =>
      code === 0 || signal?.aborted ? resolve() : reject(new Error(`A worker of the sweep ended with ${code}.`)),
    );
    child.send(order);
  });
}
