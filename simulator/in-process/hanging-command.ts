import type { Clock, RunCommand } from '../../src/ports.ts';

/** Longer than any job of GitHub's may take: a command that is waited for so long had no limit. */
const FOR_EVER_MS = 48 * 3_600_000;

/** A migration that hangs, as one that waits for a lock (prisma/orm#6371): it ends when it is ended. */
export function hangingCommand(clock: () => Clock): RunCommand {
  return async (_command, _environment, signal) => {
    await clock().sleep(FOR_EVER_MS, signal);
    return { exitCode: 0 };
  };
}
