import type { Ready, SimulatorOptions } from '../adapters/options.ts';
import { type Simulator, startSimulator } from '../adapters/simulator.ts';
import { leftoversIn, letInForALook } from './leftovers.ts';
import { watchPulse } from './pulse.ts';
import type { Looked } from './shop-azure.ts';

/**
 * The simulated Azure in a process of its own, so that nothing that the demo does can hold up a visitor.
 * It takes its options as the first message and ends with its parent.
 */
export type Question = { readonly start: SimulatorOptions } | 'look' | 'stop';

export type Answer =
  | { readonly kind: 'ready'; readonly ready: Ready }
  | ({ readonly kind: 'looked' } & Looked)
  | { readonly kind: 'failed'; readonly why: string };

let simulator: Simulator | undefined;
const pulse = watchPulse();

process.on('message', (question: Question) => {
  respond(question).catch((error) =>
    answer({ kind: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on('disconnect', () => void end());
// The terminal tells the whole group: the parent decides, and says so by `stop` or by its own end.
process.on('SIGINT', () => undefined);

async function respond(question: Question): Promise<void> {
  if (question === 'stop') return end();
  if (question === 'look') {
    if (!simulator) throw new Error('The simulator was not started.');
    const leftovers = simulator.read((world) => leftoversIn(world));
    simulator.change((world, now) => letInForALook(world, now));
    return answer({ kind: 'looked', leftovers, unmodelled: [...simulator.unmodelled], stalls: pulse.take() });
  }
  simulator = await startSimulator(question.start);
  answer({ kind: 'ready', ready: simulator.ready });
}

async function end(): Promise<void> {
  await simulator?.stop();
  process.exit(0);
}

function answer(message: Answer): void {
  process.send?.(message);
}
