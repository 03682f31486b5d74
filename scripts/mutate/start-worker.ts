import { fork } from 'node:child_process';
import type { Answer, Order, Ready } from './worker.ts';

/** A process that has loaded all tests, and runs one of them at a time. */
export interface Worker extends Ready {
  /** Rejects when it does not end, or ends the process: then nothing more can be run here. */
  run(order: Order, limitMs: number): Promise<Answer>;
  isAlive(): boolean;
  end(): void;
}

const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=3072'];

/** What a worker begins with. */
interface Beginning {
  /** From the first line on, for what is decided while files are loaded. */
  readonly planted?: number;
  /** One that somebody thought of, likewise. */
  readonly named?: string;
  /** Only tests of this file below __tests__/, or `units`. */
  readonly only?: string | undefined;
}

/** Rejects when files cannot be loaded, with what is planted. */
export async function startWorker({ planted, named, only }: Beginning = {}): Promise<Worker> {
  const process_ = fork(new URL('worker.ts', import.meta.url), {
    execArgv: NODE_OPTIONS,
    stdio: ['ignore', 'ignore', planted === undefined && named === undefined ? 'inherit' : 'ignore', 'ipc'],
    serialization: 'advanced',
    env: {
      ...process.env,
      ...(planted !== undefined && { MUTATE_PLANTED: String(planted) }),
      ...(named !== undefined && { MUTATE_NAMED: named }),
      ...(only !== undefined && { MUTATE_TESTS: only }),
    },
  });
  let answered: (answer: Answer | Ready | Error) => void = () => undefined;
  const next = () =>
    new Promise<Answer | Ready | Error>((resolve) => {
      answered = resolve;
    });
  process_.on('message', (message: Answer | Ready) => answered(message));
  process_.once('exit', () => answered(new Error('the process ended')));
  const ready = await next();
  if (!('tests' in ready)) throw ready;
  return {
    ...ready,
    async run(order, limitMs) {
      const timer = setTimeout(() => answered(new Error('does not end')), limitMs);
      const answer = next();
      if (process_.connected) process_.send(order);
      else answered(new Error('the process ended'));
      const came = await answer;
      clearTimeout(timer);
      if ('test' in came) return came;
      process_.kill('SIGKILL');
      throw came;
    },
    isAlive: () => process_.connected && !process_.killed,
    end: () => void (process_.connected && process_.disconnect()),
  };
}
