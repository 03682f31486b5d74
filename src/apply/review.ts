import { columnsOf } from '../azure/sql-schema.ts';
import type { Scene } from '../context/scene.ts';
import { readGap } from '../deployment/gap.ts';
import type { Pair, Slot } from '../deployment/observed.ts';
import type { DatabaseReview, Review } from '../deployment/review.ts';
import { type Schema, schemaDifferences } from '../deployment/schema-difference.ts';
import { settingDifferences } from '../deployment/setting-differences.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { messageOf } from '../errors.ts';
import { blobReview } from './blob-review.ts';
import { reviewPages } from './review-pages.ts';

/**
 * Puts production and the candidate side by side: pages, tables, settings and blobs. Nothing here decides; what could not be asked is
 * left out, because a report must not keep anybody from a verdict.
 */
export async function reviewOf(scene: Scene, candidate: Slot): Promise<Review> {
  const [pages, databases, blobs] = await Promise.all([
    reviewPages(scene, candidate),
    Promise.all(scene.observed.databases.map((pair) => databaseReview(scene, pair))),
    blobReview(scene),
  ]);
  const live = liveBuildSlot(scene.observed);
  const { actor = '', run = '', gap } = scene.observed.record ?? {};
  return {
    builds: { live: live.build ?? scene.observed.production.build, candidate: candidate.build },
    begun: { by: actor, run },
    ...pages,
    databases,
    settings: settingDifferences(live, candidate),
    gap: readGap(gap),
    blobs,
  };
}

async function databaseReview({ context, observed }: Scene, { name, original, clone }: Pair): Promise<DatabaseReview> {
  const versionBefore = observed.sql[clone?.name ?? '']?.schemaVersion;
  const versionNow = observed.sql[original?.name ?? '']?.schemaVersion;
  const asked = { name, versionBefore, versionNow };
  if (!original || !clone) return { ...asked, differences: undefined };
  try {
    const [before, after] = await Promise.all([schemaOf(context, clone.name), schemaOf(context, original.name)]);
    return { ...asked, differences: schemaDifferences(before, after) };
  } catch (error) {
    context.signal.throwIfAborted();
    context.ports.log.info(`What the update did to the tables of ${name} could not be asked: ${messageOf(error)}`);
    return { ...asked, differences: undefined };
  }
}

async function schemaOf({ databases }: Scene['context'], database: string): Promise<Schema> {
  const columns = await databases.read(database, columnsOf);
  const tables = new Map<string, { rows: number; columns: Record<string, string> }>();
  for (const { table, rows, column, type } of columns) {
    const shape = tables.get(table) ?? { rows, columns: {} };
    shape.columns[column] = type;
    tables.set(table, shape);
  }
  return Object.fromEntries(tables);
}
