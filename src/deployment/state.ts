import { anyDrift } from './drift.ts';
import type { Observed } from './observed.ts';
import { type Stage, stageOf } from './stage.ts';

/** What output `state` may say. */
export type State = 'none' | Stage | 'drifted';

/** Where the deployment stands, read from the record and from the markers, never remembered. */
export function stateOf(observed: Observed): State {
  if (anyDrift(observed) !== undefined) return 'drifted';
  return observed.record === null ? 'none' : stageOf(observed, observed.record);
}
