import type { WantedProcess } from '../model/web/hosting.ts';
import type { Child } from './child.ts';

/** A process that the model wants to run. */
export type Wanted = Omit<WantedProcess, 'startedAt'>;

/** A process of the operating system for one of the model's. */
export interface Running {
  readonly wanted: Wanted;
  state: 'starting' | 'listening' | 'exited' | 'retiring';
  port: number;
  child: Child | undefined;
  inFlight: number;
  readonly retired: AbortController;
  /** Called at every change of `state` or `inFlight`. */
  readonly watchers: Set<() => void>;
}

/** Changes its state, and says so. */
export function become(process: Running, state: Running['state']): void {
  process.state = state;
  tell(process);
}

/** Calls those who watch it. */
export function tell(process: Running): void {
  for (const watcher of [...process.watchers]) watcher();
}

/** Resolves when the condition holds or the signal aborts. */
export function until(process: Running, holds: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds() && !signal.aborted) return;
      process.watchers.delete(look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    process.watchers.add(look);
    signal.addEventListener('abort', look);
    look();
  });
}
