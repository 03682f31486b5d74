import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

/**
 * Background work: one row a second, for as long as the process lives. A failure is told and does not end it:
 * jobs that go on writing where they should not are what a deployment has to survive.
 */
export function startHeartbeat(database: Database, source: string, instance: string): { stop(): void } {
  const beat = async (): Promise<void> => {
    try {
      await database.query(
        'INSERT INTO Heartbeat (Id, Source, Instance, At) VALUES (@id, @source, @instance, SYSUTCDATETIME())',
        { id: randomUUID(), source, instance },
      );
    } catch (error) {
      console.error(`Heartbeat of ${source}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const timer = setInterval(beat, 1000);
  return { stop: () => clearInterval(timer) };
}
