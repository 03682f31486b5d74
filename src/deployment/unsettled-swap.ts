import type { PhaseName } from '../settings/phases.ts';
import type { Observed } from './observed.ts';
import type { SwapPurpose } from './record.ts';

/** Who finds out how such a swap ended, and carries on. */
const ENDED_BY: Readonly<Record<SwapPurpose, PhaseName>> = {
  switch: 'switch',
  undo: 'switch',
  complete: 'complete',
  return: 'rollback',
};

export interface UnsettledSwap {
  readonly happened: string;
  readonly next: string;
  readonly sinceMs: number;
}

/** A swap that was asked for, and of which no run has found out how it ended: Azure may still move visitors. Undefined when there is none. */
export function unsettledSwap({ record, now }: Pick<Observed, 'record' | 'now'>): UnsettledSwap | undefined {
  if (record?.intent === undefined) return undefined;
  const { number, source, purpose, at } = record.intent;
  return {
    happened: `No run has found out yet how swap ${number} of slot ${source} with production ended, which was asked for at ${at}: Azure may still move visitors.`,
    next: `When no run is at work on it, run "${ENDED_BY[purpose]}" again: it finds out, and carries on.`,
    sinceMs: Date.parse(now) - Date.parse(at),
  };
}
