import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Crew, deal, type Worker } from './deal.ts';
import type { Outcome } from './outcome.ts';
import type { Choice, ChosenCase } from './sweep.ts';
import type { Done, Said, Task } from './tasks.ts';

/** What is to be played, and by which action. */
export interface WorkOrder extends Choice {
  readonly scenarios: readonly string[];
  /** Instead of the scenarios' own paths. */
  readonly paths?: readonly string[];
  /** Name of a planted fault, see `planted/`. */
  readonly planted?: string;
}

/** Cases are processor work, so each core gets a process of its own. */
export function sweepWithWorkers(
  order: WorkOrder,
  tell: (outcome: Outcome) => void,
  count = availableParallelism(),
  signal?: AbortSignal,
): Promise<void> {
  const isFirst = (order.part?.index ?? 1) === 1;
  const told = (outcome: Outcome) => {
    // What leads to the cases belongs to no part more than to another.
    if (outcome.fault !== 'undisturbed' || isFirst) tell(outcome);
  };
  return withCrew(order, told, count, signal, async (crew) => {
    const { states, cases } = await listed(crew, order);
    await deal(crew, cases, states);
  });
}

/** What would be played, in its order, without playing it. */
export async function casesWithWorkers(order: WorkOrder): Promise<readonly ChosenCase[]> {
  let found: readonly ChosenCase[] = [];
  const list = async (crew: Crew) => {
    found = (await listed(crew, order)).cases;
  };
  await withCrew(order, () => undefined, availableParallelism(), undefined, list);
  return found;
}

/** What leads to the cases is played once, a scenario by whoever is free, and handed to whoever plays them. */
async function listed(crew: Crew, { scenarios, paths, ...choice }: WorkOrder) {
  const states = new Map<string, Uint8Array>();
  const left = [...scenarios];
  const lead = async (worker: Worker) => {
    for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
      const done = await worker.do({ do: 'lead', scenario, paths });
      if (done.states) states.set(scenario, done.states);
    }
  };
  await Promise.all(crew.map(lead));
  const [first] = crew;
  const inOrder = scenarios.flatMap((name) => states.get(name) ?? []);
  const { cases = [] } = (await first?.do({ do: 'list', states: inOrder, choice })) ?? {};
  return { states, cases };
}

async function withCrew(
  { planted }: WorkOrder,
  tell: (outcome: Outcome) => void,
  count: number,
  signal: AbortSignal | undefined,
  work: (crew: Crew) => Promise<void>,
): Promise<void> {
  if (signal?.aborted) return;
  const crew = Array.from({ length: count }, () => started(planted, tell));
  const end = () => {
    for (const worker of crew) worker.end();
  };
  signal?.addEventListener('abort', end);
  try {
    await work(crew);
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}

function started(mistake: string | undefined, tell: (outcome: Outcome) => void): Worker & { end(): void } {
  const file = fileURLToPath(new URL('worker.ts', import.meta.url));
  const planted = mistake === undefined ? [] : ['--import', new URL('planted/hook.ts', import.meta.url).href];
  const child = fork(file, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...planted],
    env: { ...process.env, ...(mistake === undefined ? {} : { TORTURE_PLANTED: mistake }) },
    serialization: 'advanced',
  });
  let settle: { resolve(done: Done): void; reject(error: unknown): void } | undefined;
  let isOver = false;
  child.on('message', (said: Said) => {
    if (isOver) return;
    if ('outcome' in said) tell(said.outcome);
    else settle?.resolve(said.done);
  });
  child.on('error', (error) => settle?.reject(error));
  child.on('exit', (code) => settle?.reject(new Error(`A worker of the sweep ended with ${code}.`)));
  return {
    do: (task: Task) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        child.send(task);
      }),
    end() {
      isOver = true;
      child.kill();
    },
  };
}
