import type { Played } from './play.ts';

/**
 * Plays, and adds what was rejected with nobody waiting for it: Node ends a process for that, whatever it was doing.
 * Source: https://nodejs.org/api/process.html#event-unhandledrejection
 */
export async function withUnheard(play: () => Promise<Played>): Promise<Played> {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', hear);
  try {
    const played = await play();
    // Node tells of them when all that was waiting has had its turn.
    await new Promise(setImmediate);
    const violations = unheard.map((error) => ({
      invariant: 'ends-as-promised',
      what: `nobody waited for what failed, and the process would have ended: ${String(error)}`,
      at: 'the end',
    }));
    return { ...played, violations: [...played.violations, ...violations] };
  } finally {
    process.off('unhandledRejection', hear);
  }
}
