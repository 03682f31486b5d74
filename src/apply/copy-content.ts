import { contentOf } from '../azure/sql-content.ts';
import { tablesOf, writtenSince } from '../azure/sql-rows.ts';
import { isReadOnly } from '../azure/sql-statements.ts';
import type { Scene } from '../context/scene.ts';
import { type ContentMark, changeSince, markOf } from '../deployment/content-mark.ts';
import type { CopyProof } from '../deployment/copy-proof.ts';
import { gapText, type RowDifference } from '../deployment/gap.ts';
import type { Pair } from '../deployment/observed.ts';
import { messageOf } from '../errors.ts';

/**
 * What was written to the originals after their content was copied, by numbers of rows: both are closed to everybody when it is
 * asked. Undefined where nobody can tell, also where visitors write to the copy: nothing hangs on it.
 */
export async function gapSinceSnapshot({ context, observed }: Scene): Promise<string | undefined> {
  if (observed.record?.mode === 'read-write') return undefined;
  try {
    const all = await Promise.all(observed.databases.map((pair) => differencesOf(context, pair)));
    const many = all.length > 1;
    return gapText(all.flatMap((own, at) => own.map((one) => (many ? named(one, observed.databases[at]) : one))));
  } catch (error) {
    context.signal.throwIfAborted();
    context.ports.log.info(`What was written since the snapshot could not be asked: ${messageOf(error)}`);
    return undefined;
  }
}

async function differencesOf(
  { databases }: Scene['context'],
  { original, clone }: Pair,
): Promise<readonly RowDifference[]> {
  if (original === null || clone === null) return [];
  const [now, then] = await Promise.all([original, clone].map(({ name }) => databases.look(name, tablesOf)));
  const rows = (tables: typeof now) => new Map(tables?.map((one) => [one.table, one.rows]));
  const [after, before] = [rows(now), rows(then)];
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((table) => ({ table, more: (after.get(table) ?? 0) - (before.get(table) ?? 0) }))
    .filter(({ more }) => more !== 0);
}

function named({ table, more }: RowDifference, pair: Pair | undefined): RowDifference {
  return { table: `${pair?.name} ${table}`, more };
}

/** What a copy holds when it is complete and nobody has its name yet. Undefined where it could not be asked: nothing hangs on it. */
export async function contentAtFirst({ context }: Scene, database: string): Promise<ContentMark | undefined> {
  try {
    const content = await context.databases.look(database, (connection) => contentOf(connection));
    return content === null ? undefined : markOf(content);
  } catch (error) {
    context.signal.throwIfAborted();
    context.ports.log.info(`What ${database} holds could not be asked: ${messageOf(error)}`);
    return undefined;
  }
}

/** Right before a copy is deleted. Undefined where it could not be asked: it goes all the same, and nothing is claimed of it. */
export async function copyProof({ context, observed }: Scene, database: string): Promise<CopyProof | undefined> {
  const mark = observed.databases.find(({ clone }) => clone?.name === database)?.cloneTags?.content;
  try {
    const proof = await context.databases.look(database, async (connection) => {
      const written = await writtenSince(connection);
      const content = await contentOf(connection, mark?.by === 'sums');
      const name = (id: number) => content.find(({ objectId }) => objectId === id)?.table ?? `object ${id}`;
      return {
        database,
        readOnly: await isReadOnly(connection),
        tables: content.length,
        rows: content.reduce((sum, { rows }) => sum + rows, 0),
        written: written?.map(({ objectId, statements, last }) => ({ table: name(objectId), statements, last })),
        since: mark && changeSince(mark, content),
      };
    });
    return proof ?? undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    context.ports.log.info(`Whether anybody wrote to ${database} could not be asked: ${messageOf(error)}`);
    return undefined;
  }
}
