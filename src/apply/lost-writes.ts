import { writeFile } from 'node:fs/promises';
import { type TableSeen, tablesOf } from '../azure/sql-rows.ts';
import { columnsOf } from '../azure/sql-schema.ts';
import { rowsOfTable } from '../azure/sql-table.ts';
import type { Change, Scene } from '../context/scene.ts';
import { isUnchanged } from '../deployment/copy-proof.ts';
import { type LostRows, type LostWrites, onlyIn, textOf } from '../deployment/lost-writes.ts';
import type { Pair } from '../deployment/observed.ts';
import { messageOf, Stop } from '../errors.ts';
import type { SqlConnection } from '../ports.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { copyProof } from './copy-content.ts';

/** Of a table, in the copy or in the original: more is not held in the memory of a runner. */
const MOST_ROWS = 200_000;
/** Of documents for programs: rises when a field changes its meaning or goes. */
const VERSION = 1;

/** Writes to a file what visitors wrote to the copies, before anything is deleted. Stops when it cannot: then nothing is. */
export async function keepLostWrites(scene: Scene, step: StepOf<'keep-lost-writes'>): Promise<Change> {
  const { observed, settings, context } = scene;
  const databases: LostWrites[] = [];
  for (const pair of observed.databases) databases.push(...(await lostIn(scene, pair)));
  const content = {
    version: VERSION,
    app: settings.appName,
    deployment: observed.deploymentId,
    at: observed.now,
    databases,
  };
  let path: string;
  try {
    path = await written(step.path, `${textOf(content, 2)}\n`);
  } catch (error) {
    throw new Stop(
      'failed',
      `What visitors wrote to the copies could not be written to ${step.path} (lost-writes-file): ${messageOf(error)}. Nothing was deleted.`,
      'Give a path at which this runner may write a file, then run "cleanup" again.',
    );
  }
  const rows = databases.flatMap(({ tables }) => tables).reduce((sum, table) => sum + table.rows.length, 0);
  context.ports.log.info(`${path} has ${rows} rows that are in the copies and not in the originals.`);
  return { ...done(step), lostWrites: path };
}

/** Beside what an earlier run wrote: it may have had copies that are gone by now. @returns where it is */
async function written(path: string, content: string): Promise<string> {
  for (let number = 1; ; number++) {
    const at = number === 1 ? path : `${path}.${number}`;
    try {
      await writeFile(at, content, { mode: 0o600, flag: 'wx' });
      return at;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

async function lostIn(scene: Scene, { name, original, clone }: Pair): Promise<readonly LostWrites[]> {
  if (clone === null) return [];
  const nothing = { database: name, copy: clone.name, tables: [], notCompared: [] };
  const proof = await copyProof(scene, clone.name);
  if (original === null) {
    if (proof?.since?.by === 'sums' && isUnchanged(proof)) return [nothing];
    throw new Stop(
      'failed',
      `Database ${name} is gone, so nobody can tell what visitors wrote to ${clone.name} (lost-writes-file). Nothing was deleted.`,
      'Export the copy, or copy it under a name of your own, then run "cleanup" without lost-writes-file.',
    );
  }
  const { databases } = scene.context;
  const [own, there] = await Promise.all([databases.read(clone.name, shapeOf), databases.read(original.name, shapeOf)]);
  const tables: LostRows[] = [];
  const notCompared: string[] = [];
  for (const table of own.tables) {
    const other = there.tables.find((one) => one.table === table.table);
    if (Math.max(table.rows, other?.rows ?? 0) > MOST_ROWS) {
      const isQuiet = proof?.written?.every((one) => one.table !== table.table) === true;
      if (!isQuiet || proof?.since?.tables.some((one) => one.table === table.table)) throw tooLarge(clone.name, table);
      notCompared.push(table.table);
      continue;
    }
    const columns = own.columns(table.table);
    const common = other ? columns.filter((column) => there.columns(table.table).includes(column)) : columns;
    if (columns.length === 0) continue;
    const [copied, now] = await Promise.all([
      databases.read(clone.name, (connection) => rowsOfTable(connection, table, columns)),
      other && common.length > 0
        ? databases.read(original.name, (connection) => rowsOfTable(connection, other, common))
        : [],
    ]);
    // No row is like another where no column is.
    const found = common.length > 0 ? onlyIn(copied, now, common) : { rows: copied, onlyInOriginal: other?.rows ?? 0 };
    if (found.rows.length + found.onlyInOriginal > 0)
      tables.push({ table: table.table, ...found, inOriginal: other !== undefined });
  }
  return [{ ...nothing, tables, notCompared }];
}

/** The tables, and the columns of each that visitors fill: a row version is another one after each copy of a row. */
async function shapeOf(connection: SqlConnection) {
  const [tables, all] = [await tablesOf(connection), await columnsOf(connection)];
  const columns = (name: string) =>
    all.filter(({ table, type }) => table === name && !type.startsWith('timestamp')).map(({ column }) => column);
  return { tables, columns };
}

function tooLarge(copy: string, { table, rows }: TableSeen): Stop {
  return new Stop(
    'failed',
    `Table ${table} of ${copy} has ${rows} rows, and nobody can say that visitors did not write to it: more than ${MOST_ROWS} are not compared (lost-writes-file). Nothing was deleted.`,
    'Export the copy, or copy it under a name of your own, then run "cleanup" without lost-writes-file.',
  );
}
