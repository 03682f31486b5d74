import type { DatabasePart } from './observed.ts';

/**
 * A rollback of the databases has begun, and no database has changed hands yet: each original is there under its name, and no
 * restore has become its successor. Nothing stands in the way of another decision then.
 */
export function isUnmoved({ record, databases }: DatabasePart): boolean {
  const underWay = record?.rollbackUnderWay;
  if (underWay?.databases !== 'moving') return false;
  return databases.every(
    ({ original, underName, successorOf }) =>
      successorOf !== underWay.attempt && original !== null && underName?.databaseId === original.databaseId,
  );
}
