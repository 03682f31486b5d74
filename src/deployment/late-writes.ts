import type { Marker } from './marker.ts';
import type { DeploymentRecord } from './record.ts';

/**
 * A merge of tags has no condition, and Azure may admit what a dead run sent after what the next one wrote: then one of the places where the
 * record stands holds old values again, of every field that was sent. From the first swap on each write is numbered and goes to two places, so
 * the place with the higher number is right; where they are equal, the clone is.
 */
export function newest(record: DeploymentRecord, mirror: DeploymentRecord): DeploymentRecord {
  return (mirror.entry ?? 0) > (record.entry ?? 0) ? mirror : record;
}

/**
 * The record with counts that never go back, whatever was written late to all its places: a number that something bears already, or that another
 * field names, was given. One that was used twice would take what is left of the first for its own.
 * @param markers of all slots
 */
export function neverBack(record: DeploymentRecord, markers: readonly (Marker | undefined)[]): DeploymentRecord {
  const borne = markers.flatMap((marker) =>
    marker?.deploymentId === record.deploymentId && marker.role !== 'read-only' ? marker.attempt : [],
  );
  const { candidate, rollbackUnderWay, migrated = 0, afterStart = 0, intent } = record;
  const named = [candidate?.attempt ?? 0, rollbackUnderWay?.attempt ?? 0, migrated, afterStart];
  return {
    ...record,
    attempt: Math.max(record.attempt, ...named, ...borne),
    swaps: Math.max(record.swaps, record.settledSwaps, intent?.number ?? 0),
  };
}
