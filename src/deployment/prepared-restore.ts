import type { Pair } from './observed.ts';
import { RESTORED_TO } from './our-tags.ts';

/**
 * What a restore that was begun ahead of a rollback (`prepare-rollback`) is worth. Only one that is `ready` may take an original's
 * place; one that is `under-way` is worth waiting for, since any other would begin now.
 */
export type Prepared = 'none' | 'ready' | 'under-way' | 'failed' | 'other-point' | 'foreign';

/**
 * Whether it may serve to return to `point`. What it holds, its tags alone tell: they were in the request that made it, and one that
 * lost them, or that somebody else made, is never used.
 */
export function preparedFor({ prepared }: Pair, deploymentId: string, point: string | undefined): Prepared {
  if (prepared === null) return 'none';
  if (prepared.tags['zdd-deployment'] !== deploymentId || prepared.tags[RESTORED_TO] === undefined) return 'foreign';
  if (prepared.tags[RESTORED_TO] !== point) return 'other-point';
  if (READY.has(prepared.status)) return 'ready';
  return UNDER_WAY.has(prepared.status) ? 'under-way' : 'failed';
}

/** A serverless one falls asleep, and is woken by a login. https://learn.microsoft.com/rest/api/sql/databases/get (DatabaseStatus) */
const READY: ReadonlySet<string> = new Set(['Online', 'Paused', 'Pausing', 'Resuming']);
const UNDER_WAY: ReadonlySet<string> = new Set(['Creating', 'Restoring', 'Recovering', 'RecoveryPending']);
