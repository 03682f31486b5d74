import { databaseIsBusy } from '../azure/conflicts.ts';
import { databaseId, getDatabase } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { getSite, slotId } from '../azure/sites.ts';
import { mergeTags } from '../azure/tags.ts';
import { MOST_REPEATS, weatherIn } from '../azure/weather.ts';
import { journalTags, windowTags } from '../deployment/journal.ts';
import { mirrorPlace } from '../deployment/mirror.ts';
import { type DeploymentRecord, isMirrored } from '../deployment/record.ts';
import { lackingTags, recordTags } from '../deployment/record-tags.ts';
import { placeOf } from '../deployment/servers.ts';
import { isOurs } from '../deployment/slots.ts';
import { messageOf } from '../errors.ts';
import { together, waitFor } from '../wait.ts';
import type { Scene } from './scene.ts';

/** Tag writes are operations of their own on Azure: seconds, sometimes minutes. */
const SHOWN_MS = 300_000;
/** Azure may lose one that it has accepted, and somebody may write over it: a merge can be sent again. */
const AGAIN_MS = 60_000;
const AFTER_WEATHER_MS = 15_000;

/** Tags of an app are written at once. What does not show by then is recorded in the databases, as it was before there was a journal. */
const JOURNAL_SHOWN_MS = 20_000;

/**
 * Writes fields of the record and waits until they are read back: in the window from the journal, and the databases follow; otherwise from the
 * databases. From the first swap on a mirror on the first original goes along, for the case that the clone is lost.
 */
export function writeRecord(scene: Scene, fields: Partial<DeploymentRecord>): Promise<void> {
  const { known } = scene.context;
  const writing = (known.recording ?? Promise.resolve()).then(() => write(scene, fields));
  known.recording = writing.catch(() => undefined);
  return writing;
}

async function write(scene: Scene, fields: Partial<DeploymentRecord>): Promise<void> {
  const { known, behind } = scene.context;
  const since = scene.observed.record;
  const before = known.recorded?.since === since ? known.recorded?.fields : {};
  const record = since && { ...since, ...before };
  const entry = { ...fields, entry: (record?.entry ?? 0) + 1 };
  // Without fields it is to stand in the databases as it is known: the journal would keep what is asked for from them.
  const isNews = Object.keys(fields).length > 0;
  const journaled = isNews && record && (await writeJournal(scene, record, entry));
  if (journaled === 'as it was') return;
  if (journaled === 'written') {
    known.recorded = { since, fields: { ...before, ...entry } };
    const whole = { ...record, ...entry };
    for (const { name, tags } of places(scene, whole)) {
      behind.write(name, (signal, accepted) => {
        const unhurried = {
          ...scene,
          context: { ...scene.context, signal: AbortSignal.any([scene.context.signal, signal]) },
        };
        return writeTags(unhurried, name, { ...lackingTags(whole, tags), ...windowTags(whole) }, accepted);
      });
    }
    return;
  }
  // Two places, of which one may be put back by what a dead run sent: `late-writes.ts`.
  const written = isNews && isMirrored({ ...record, ...fields }) ? entry : fields;
  await behind.stop();
  await writeToDatabases(scene, record, written);
  known.recorded = { since, fields: { ...before, ...written } };
}

/** Undefined when the journal is not the place, or refuses: what was refused may have been written all the same. */
async function writeJournal(
  scene: Scene,
  record: DeploymentRecord,
  fields: Partial<DeploymentRecord>,
): Promise<'written' | 'as it was' | undefined> {
  const { arm, ports, signal, app } = scene.context;
  const slot = scene.observed.readonlySlot;
  const tags = slot && isOurs(scene.observed, slot) ? journalTags(slot, record, fields) : null;
  if (!slot || !tags) return undefined;
  if (Object.keys(tags).length === 0) return 'as it was';
  const id = slotId(app, slot.name);
  try {
    // The next look reads them from the slot, before anything is done that hangs on them.
    const shown = await mergeTags(arm, id, tags);
    if (Object.entries(tags).every(([name, value]) => shown[name] === value)) return 'written';
    await waitFor(ports.clock, ports.log, {
      what: `the tags of slot ${slot.name} to show`,
      deadlineMs: JOURNAL_SHOWN_MS,
      otherwise: 'They are written to the databases.',
      signal,
      async look() {
        const now = (await getSite(arm, id))?.tags;
        const isThere = Object.entries(tags).every(([name, value]) => now?.[name] === value);
        return isThere ? { done: undefined } : { seen: 'not yet' };
      },
    });
    return 'written';
  } catch (error) {
    signal.throwIfAborted();
    ports.log.info(`Slot ${slot.name} does not take the record, so the databases do: ${messageOf(error)}`);
    return undefined;
  }
}

/** A record that was in the journal is written as a whole: what the databases have of it may be older. */
async function writeToDatabases(
  scene: Scene,
  record: DeploymentRecord | null,
  fields: Partial<DeploymentRecord>,
): Promise<void> {
  const tags = recordTags(fields);
  const whole = { ...record, ...fields };
  const isNumbered = fields.entry !== undefined;
  const isPart = !isNumbered && Object.keys(fields).length > 0;
  const journaled = isNumbered ? windowTags(whole) : {};
  const writes = places(scene, whole).flatMap((place) => {
    const wanted = { ...(isPart ? {} : lackingTags(whole, place.tags)), ...journaled, ...tags };
    return Object.keys(wanted).length === 0 ? [] : [writeTags(scene, place.name, wanted)];
  });
  await together(scene.context.ports.log, writes);
}

/** Where the record stands: its database, and from the first swap on the mirror; with the tags of the last look. */
function places(
  { observed }: Scene,
  record: Partial<DeploymentRecord>,
): readonly { readonly name: string; readonly tags: Readonly<Record<string, string>> }[] {
  const { recordDatabase, databases, ours } = observed;
  const mirror = mirrorPlace(observed);
  const all = [...ours, ...databases.flatMap(({ original }) => original ?? [])];
  const main = { name: recordDatabase, tags: all.find(({ name }) => name === recordDatabase)?.tags ?? {} };
  return isMirrored(record) && mirror && mirror.name !== recordDatabase ? [main, mirror] : [main];
}

/**
 * Merges tags into a database and reads them back by GET of the database: lists may leave tags out, and the operation
 * itself cannot be polled. https://github.com/Azure/azure-cli/issues/27850
 */
export async function writeTags(
  scene: Scene,
  database: string,
  tags: Readonly<Record<string, string>>,
  accepted: () => void = () => undefined,
): Promise<void> {
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
          await mergeTags(arm, databaseId(...at), tags, signal);
          again = ports.clock.now() + AGAIN_MS;
          accepted();
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
