import { databaseIsBusy } from '../azure/conflicts.ts';
import { databaseId, getDatabase } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { mergeTags } from '../azure/tags.ts';
import { MOST_REPEATS, weatherIn } from '../azure/weather.ts';
import { type DeploymentRecord, isMirrored } from '../deployment/record.ts';
import { lackingTags, recordTags } from '../deployment/record-tags.ts';
import { placeOf } from '../deployment/servers.ts';
import { together, waitFor } from '../wait.ts';
import type { Scene } from './scene.ts';

/** Tag writes are operations of their own on Azure: seconds, sometimes minutes. */
const SHOWN_MS = 300_000;
/** Azure may lose one that it has accepted, and somebody may write over it: a merge can be sent again. */
const AGAIN_MS = 60_000;
const AFTER_WEATHER_MS = 15_000;

/**
 * Writes fields of the record and waits until they are read back. From the first swap on a mirror on the first original goes
 * along, for the case that the clone is lost.
 */
export async function writeRecord(scene: Scene, fields: Partial<DeploymentRecord>): Promise<void> {
  const { observed } = scene;
  const tags = recordTags(fields);
  const writes = Object.keys(tags).length > 0 ? [writeTags(scene, observed.recordDatabase, tags)] : [];
  const mirror = observed.databases[0]?.original;
  if (isMirrored({ ...observed.record, ...fields }) && mirror && mirror.name !== observed.recordDatabase) {
    const whole = observed.record ? { ...observed.record, ...fields } : fields;
    writes.push(writeTags(scene, mirror.name, { ...lackingTags(whole, mirror.tags), ...tags }));
  }
  await together(scene.context.ports.log, writes);
}

/**
 * Merges tags into a database and reads them back by GET of the database: lists may leave tags out, and the operation
 * itself cannot be polled. https://github.com/Azure/azure-cli/issues/27850
 */
export async function writeTags(scene: Scene, database: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const { arm, ports, signal, known } = scene.context;
  const at = placeOf(scene.observed, database);
  for (const [key, { read }] of known.databases) if (read.name === at[1]) known.databases.delete(key);
  let again = 0;
  let repeats = 0;
  await waitFor(ports.clock, ports.log, {
    what: `the tags of database ${database} to show`,
    deadlineMs: SHOWN_MS,
    otherwise: 'Azure does not show the tags. Run the phase again in some minutes.',
    signal,
    async look() {
      if (ports.clock.now() >= again) {
        try {
          await mergeTags(arm, databaseId(...at), tags);
          again = ports.clock.now() + AGAIN_MS;
        } catch (error) {
          const said = azureSaid(error);
          if (databaseIsBusy(said)) return { seen: 'Azure is busy with the database' };
          if (weatherIn(said) === undefined || ++repeats > MOST_REPEATS) throw error;
          // It may have been carried out, or be admitted a moment later.
          again = ports.clock.now() + AFTER_WEATHER_MS;
        }
      }
      const now = await getDatabase(arm, ...at);
      const missing = Object.entries(tags).filter(([name, value]) => now?.tags[name] !== value);
      return missing.length === 0
        ? { done: undefined }
        : { seen: `${missing.map(([name]) => name).join(', ')} not yet` };
    },
  });
}
