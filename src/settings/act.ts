import type { PhaseName } from './phases.ts';

/** One run that an advice asks for. */
export interface Act {
  readonly phase: PhaseName;
  /** Inputs by their names that it needs beside those of the run before. */
  readonly inputs: Readonly<Record<string, string>>;
}
