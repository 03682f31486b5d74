import { getShortTermRetention, type ShortTermRetention } from '../azure/database-parts.ts';
import type { Database } from '../azure/database-shapes.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { azDatabase } from '../deployment/commands.ts';
import type { DatabasePart, RunPart } from '../deployment/observed.ts';
import { placeOf } from '../deployment/servers.ts';
import type { Settings } from '../settings/settings.ts';
import { presentOriginals } from './databases.ts';
import { allFine, failed, listed, unseen } from './verdicts.ts';
import { longestWindow, windowText } from './window.ts';

const NAME = 'point-in-time restore';

/**
 * A rollback of the database returns to the rollback point: backups must reach back to it until the window ends. Once there is a
 * point, only that counts, and of the databases that were the originals then.
 */
export async function checkRecovery({
  context,
  settings,
  observed,
}: Scene<DatabasePart & RunPart>): Promise<readonly Check[]> {
  const point = settings.rollbackPoint ?? observed.record?.rollbackPoint;
  if (point !== undefined && observed.record?.deployBegun !== undefined) return reaching(observed, point);
  const seen = await Promise.all(
    presentOriginals(observed).map(async (database) => ({
      database,
      retention: await see(context.signal, () =>
        getShortTermRetention(context.arm, ...placeOf(observed, database.name)),
      ),
    })),
  );
  return recovery(settings, observed, seen);
}

/** Pure. */
function reaching({ databases }: DatabasePart, point: string): readonly Check[] {
  const sources = databases.flatMap(({ source }) => source ?? []);
  return allFine(
    NAME,
    `Backups of ${listed(sources.map(({ name }) => name))} reach back to the rollback point ${point}.`,
    sources
      .filter(({ earliestRestoreDate: first }) => first !== null && Date.parse(first) > Date.parse(point))
      .map(({ name, earliestRestoreDate: first }) =>
        failed(
          NAME,
          `Backups of ${name} begin at ${first}, after the rollback point ${point}: its content cannot be brought back.`,
          'Run "deploy" with a fixed build, or run "rollback" with rollback-scope: code and ignore-schema: true when the live build can work with the databases as they are.',
        ),
      ),
  );
}

/** Pure. https://learn.microsoft.com/azure/azure-sql/database/automated-backups-overview */
function recovery(
  settings: Settings,
  observed: DatabasePart & RunPart,
  seen: readonly { readonly database: Database; readonly retention: Seen<ShortTermRetention> }[],
): readonly Check[] {
  const { now } = observed;
  const days = Math.max(7, Math.ceil(longestWindow(settings) / 1440) + 1);
  const said = seen.map(({ database, retention }) => `${database.name} (${retention.value?.retentionDays} days)`);
  return allFine(
    NAME,
    `Backups of ${listed(said)} outlast a window of ${windowText(settings)}.`,
    seen.flatMap(({ database, retention }): Check[] => {
      const { earliestRestoreDate } = database;
      if (earliestRestoreDate === null || Date.parse(earliestRestoreDate) > Date.parse(now)) {
        const found = `${database.name} has no backup yet, so that it could not be restored.`;
        return [failed(NAME, found, `${azDatabase(observed, 'show', database.name)} --query earliestRestoreDate`)];
      }
      if (retention.why !== undefined) return [unseen(NAME, retention)];
      const { retentionDays } = retention.value;
      if (retentionDays * 1440 > longestWindow(settings)) return [];
      return [
        failed(
          NAME,
          `Backups of ${database.name} are kept for ${retentionDays} days, and the window may last ${windowText(settings)}.`,
          `${azDatabase(observed, 'str-policy set', database.name)} --retention-days ${Math.min(35, days)}`,
        ),
      ];
    }),
  );
}
