import type { ChosenCase } from './sweep.ts';

/** How often the sweep tries a fault, by what the call that meets it does. */
export interface Tried {
  changes: number;
  reads: number;
  /** Between two phases, where no call meets it. */
  between: number;
}

/** What the sweep tries, by fault. */
export function countedByFault(cases: readonly ChosenCase[]): Readonly<Record<string, Tried>> {
  const tried: Record<string, Tried> = {};
  for (const { fault, does } of cases) {
    tried[fault] ??= { changes: 0, reads: 0, between: 0 };
    tried[fault][does]++;
  }
  return tried;
}
