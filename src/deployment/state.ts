import { driftOf, lostClone, lostLiveBuild } from './drift.ts';
import type { Observed } from './observed.ts';
import { stageOf } from './stage.ts';

export const states = [
  'none',
  'cloning',
  'cloned',
  'read-only-ready',
  'read-only',
  'deployed',
  'validated',
  'rolling-back',
  'rolled-back',
  'completed',
  'drifted',
] as const;
export type State = (typeof states)[number];

/** Where the deployment stands, read from the record and from the markers, never remembered. */
export function stateOf(observed: Observed): State {
  const { record } = observed;
  if ((driftOf(observed) ?? lostClone(observed) ?? lostLiveBuild(observed)) !== undefined) return 'drifted';
  if (record === null) return 'none';
  return stageOf(observed, record);
}
