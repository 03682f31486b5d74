import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Ready, SimulatorOptions } from '../adapters/options.ts';
import type { Answer, Looked, Question } from './simulator-process.ts';

export interface LocalAzure {
  readonly ready: Ready;
  /**
   * What our deployment left, and what was asked that the simulator does not know. From then on the databases let
   * this machine in: before, only a rule that the action opens does.
   */
  look(): Promise<Looked>;
  stop(): Promise<void>;
}

/** Starts the simulated Azure beside this process. Rejects with the simulator's own words when it cannot start. */
export async function startLocalAzure(options: SimulatorOptions): Promise<LocalAzure> {
  const child = fork(join(import.meta.dirname, 'simulator-process.ts'), {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const gone = once(child, 'exit');
  const started = await ask(child, { start: options });
  if (started.kind !== 'ready') throw new Error('The simulator answered something else than that it is ready.');
  return {
    ready: started.ready,
    async look() {
      const looked = await ask(child, 'look');
      if (looked.kind !== 'looked') throw new Error('The simulator did not say what is left.');
      return looked;
    },
    async stop() {
      if (child.connected) child.send('stop' satisfies Question);
      await gone;
    },
  };
}

async function ask(child: ChildProcess, question: Question): Promise<Answer> {
  const controller = new AbortController();
  try {
    const answered = once(child, 'message', { signal: controller.signal });
    const ended = once(child, 'exit', { signal: controller.signal }).then(() => {
      throw new Error('The simulator ended; its last words are above.');
    });
    child.send(question);
    const [answer] = (await Promise.race([answered, ended])) as [Answer];
    if (answer.kind === 'failed') throw new Error(`The simulator failed: ${answer.why}`);
    return answer;
  } finally {
    controller.abort();
  }
}
