import type { Observed, Pair } from '../deployment/observed.ts';
import { type Prepared, preparedFor } from '../deployment/prepared-restore.ts';

/** What became of the restores that were begun ahead of a rollback, and what they cost: a sentence for each. */
export function preparedNotes({ databases, deploymentId, record }: Observed): string[] {
  if (record === null) return [];
  return databases.flatMap((pair) => {
    const { prepared } = pair;
    if (prepared === null) return [];
    const { serviceObjective, sku } = prepared;
    const size = serviceObjective || sku.name;
    const cost = `It costs as a database of its size${size ? ` (${size})` : ''} until "cleanup" deletes it.`;
    const what = WORDS[preparedFor(pair, deploymentId, record.rollbackPoint)](pair, record.rollbackPoint ?? '');
    return what === undefined ? [] : [`${what} ${cost}`];
  });
}

const WORDS: Readonly<Record<Prepared, (pair: Pair, point: string) => string | undefined>> = {
  none: () => undefined,
  ready: ({ name, prepared }, point) =>
    `${name} as of ${point} is ready as ${prepared?.name}: "rollback" with rollback-scope: code-and-database only has to rename it.`,
  'under-way': ({ name, prepared }, point) =>
    `${name} as of ${point} is being restored to ${prepared?.name} ahead of a rollback, and is not ready yet: nothing waits for it but a "rollback" with rollback-scope: code-and-database. "status" shows when it is ready.`,
  failed: ({ name, prepared }) =>
    `${prepared?.name}, which was to hold ${name} ahead of a rollback, has failed (${prepared?.status}) and will not be used: "rollback" restores anew.`,
  'other-point': ({ name, prepared }) =>
    `${prepared?.name} holds ${name} as of another instant than the rollback point and will not be used: "rollback" restores anew.`,
  // Nobody knows whose it is.
  foreign: () => undefined,
};
