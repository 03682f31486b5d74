import type { Observed } from '../deployment/observed.ts';
import { RESTORED_TO } from '../deployment/our-tags.ts';

/** What a rollback of the database has taken out of the originals; a sentence for each, as long as the record tells. */
export function removedWrites(last: Observed | undefined): string[] {
  const { rollbackPoint, visitorsOnOriginalSince: since, rollbackUnderWay } = last?.record ?? {};
  if (last === undefined || rollbackPoint === undefined || rollbackUnderWay !== undefined) return [];
  return last.databases
    .filter(({ successorId, underName }) => successorId !== undefined && underName?.databaseId === successorId)
    .map(({ name, setAside, underName }) => {
      const point = underName?.tags[RESTORED_TO] ?? rollbackPoint;
      const visitors = since === undefined ? '' : `, also what visitors wrote since ${since}`;
      const where = setAside.map((database) => database.name).join(', ');
      return `A rollback has taken out of ${name} what was written after ${point}${visitors}.${where === '' ? '' : ` It is still in ${where}.`}`;
    });
}
