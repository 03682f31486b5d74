import { listDatabases } from '../azure/databases.ts';
import { deniedAction } from '../azure/failure.ts';
import { getSlotConfigNames } from '../azure/site-config.ts';
import { slotId } from '../azure/sites.ts';
import type { Context } from '../context.ts';
import type { Server } from '../deployment/observed.ts';
import { hasSettings, type PartialLook, type SeenSlot, type Unseen } from '../deployment/partial-look.ts';
import { freshRun } from '../deployment/this-run.ts';
import { Stop } from '../errors.ts';
import { originalNames } from '../observe.ts';
import type { Phase } from '../settings/choices.ts';
import type { Settings } from '../settings.ts';
import { lookAtDatabases } from './database-look.ts';
import { appName, databasePart, deploymentIn } from './deployment.ts';
import { runOf } from './join.ts';
import { provenCopies } from './pairs.ts';
import { serverOf, serverWithRecord } from './server.ts';
import { appOf, lookAtSlotInPart } from './slots.ts';

/**
 * One look that goes on when a part cannot be seen, and says why. For phases that change nothing: with the Reader role
 * one sees slots, the last swap and what the tags of the databases record, but no settings.
 * @param reason why the whole look failed; thrown again when there is no app, or nothing turns out to be missing.
 */
export async function observeInPart(
  context: Context,
  phase: Phase,
  reason: Stop,
): Promise<{ look: PartialLook; settings: Settings }> {
  const unseen: Unseen[] = [];
  const production = await slotInPart(context, unseen, 'production');
  if (production?.slot === null) throw reason;
  const server = await serverInPart(context, unseen, production?.slot);
  const seen = server && (await databasesInPart(context, unseen, phase, production?.slot, server));
  const settings = seen?.settings ?? context.settings;
  // Whoever may not see the app may not see its slots: one line says so.
  const [readonlySlot, stagingSlot, sticky] = production
    ? await Promise.all([
        slotInPart(context, unseen, settings.readonlySlot),
        slotInPart(context, unseen, settings.stagingSlot),
        attempt(context, unseen, stickyNames(production.id), () => getSlotConfigNames(context.arm, production.id)),
      ])
    : [];
  unseen.push(...unreadSettings([production, readonlySlot, stagingSlot]));
  const [first, ...more] = unseen;
  if (first === undefined) throw reason;
  const look = {
    now: new Date(context.arm.azureTime() ?? context.ports.clock.now()).toISOString(),
    run: runOf(context.settings),
    package: context.package,
    thisRun: freshRun,
    production: production?.slot,
    readonlySlot: readonlySlot?.slot,
    stagingSlot: stagingSlot?.slot,
    server,
    databasePart: seen?.part,
    unseen: [first, ...more] as const,
  };
  return { look: { ...look, appPart: sticky && appPart(context, look, sticky) }, settings };
}

function stickyNames(at: string): Part {
  return { what: 'slot settings', so: 'which settings stay with their slot in a swap', at };
}

type Part = Pick<Unseen, 'what' | 'so' | 'at'>;

/** Looks; a refusal or a failure is written down. Everything else that goes wrong is an error. */
async function attempt<T>(
  { signal }: Context,
  unseen: Unseen[],
  part: Part,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    unseen.push(unseenPart(part, error));
    return undefined;
  }
}

/** Azure's own sentence names two ids and the scope, and hides the action among them. */
function unseenPart(part: Part, error: unknown): Unseen {
  if (!(error instanceof Stop)) throw error;
  const action = deniedAction(error.azure);
  return { ...part, why: action ? `The identity is not granted ${action}.` : error.happened, stop: error };
}

interface SlotInPart {
  readonly id: string;
  readonly name: string;
  readonly slot: SeenSlot | null;
  /** Why its settings could not be read. */
  readonly error?: unknown;
}

async function slotInPart(context: Context, unseen: Unseen[], name: string): Promise<SlotInPart | undefined> {
  const id = slotId(context.app, name);
  const part =
    name === 'production'
      ? { what: `app ${context.app.name}`, so: 'what it serves and which slots it has', at: id }
      : { what: `slot ${name}`, so: 'whether it exists and what it holds', at: id };
  const seen = await attempt(context, unseen, part, () => lookAtSlotInPart(context, name));
  context.signal.throwIfAborted();
  return seen && { id, name, ...seen };
}

/** One entry for all slots: who may not read the settings of one may not read those of the others. */
function unreadSettings(slots: readonly (SlotInPart | undefined)[]): readonly Unseen[] {
  const unread = slots.flatMap((slot) => (slot?.error === undefined ? [] : [slot]));
  const [first] = unread;
  if (first === undefined) return [];
  const what = `settings of ${unread.map(({ name }) => name).join(', ')}`;
  return [unseenPart({ what, so: 'which build is served there, on which database', at: first.id }, first.error)];
}

/**
 * The server of input sql-server or of production's connection strings, otherwise the one that bears the record. With strings
 * that were read and do not tell it, that is told all the same: the phases that change something need the input.
 */
async function serverInPart(
  context: Context,
  unseen: Unseen[],
  production: SeenSlot | undefined,
): Promise<Server | undefined> {
  const isRead = production !== undefined && hasSettings(production);
  const part = {
    what: 'SQL server',
    so: 'which databases there are and whether a deployment is open',
    at: groupId(context),
  };
  const failed: Unseen[] = [];
  const named = await attempt(context, failed, part, async () => {
    if (isRead) return serverOf(context, production);
    if (context.settings.sqlServer) return serverOf(context, NO_SETTINGS);
    throw new Stop(
      'bad-input',
      "It is named by production's connection strings, which could not be read.",
      'Let the identity read them, or name the server with input sql-server and the databases with input databases.',
    );
  });
  if (named) return named;
  const recorded = await attempt(context, [], part, () => serverWithRecord(context, appName(context)));
  const so = `whether it is ${recorded?.name}, which bears the record of a deployment of this app`;
  if (isRead || !recorded) unseen.push(...failed.map((each) => (recorded ? { ...each, so } : each)));
  return recorded;
}

async function databasesInPart(
  context: Context,
  unseen: Unseen[],
  phase: Phase,
  production: SeenSlot | undefined,
  server: Server,
) {
  const read = production && hasSettings(production) ? production : undefined;
  const originals = originalNames(context.settings, read ?? NO_SETTINGS, server);
  const part = { what: `databases of ${server.name}`, so: 'whether a deployment is open', at: server.id };
  const look = await attempt(context, unseen, part, async () =>
    lookAtDatabases(context, server, originals, await listDatabases(context.arm, server.id), false),
  );
  // What this throws is no missing part: inputs contradict what is recorded.
  const deployment = look && deploymentIn(context, phase, originals, look, read?.marker);
  const seen =
    deployment &&
    (await attempt(context, unseen, part, async () =>
      databasePart(server, look, deployment, await provenCopies(context, server, deployment.pairs), {}),
    ));
  return deployment && { settings: deployment.settings, part: seen };
}

function appPart(
  context: Context,
  { production, readonlySlot, stagingSlot }: Pick<PartialLook, 'production' | 'readonlySlot' | 'stagingSlot'>,
  sticky: Parameters<typeof appOf>[2],
): PartialLook['appPart'] {
  if (!production || !hasSettings(production) || readonlySlot === undefined || stagingSlot === undefined)
    return undefined;
  if (readonlySlot !== null && !hasSettings(readonlySlot)) return undefined;
  if (stagingSlot !== null && !hasSettings(stagingSlot)) return undefined;
  return { app: appOf(context, production.site, sticky), production, readonlySlot, stagingSlot };
}

const NO_SETTINGS = { appSettings: {}, connectionStrings: {} };

function groupId({ app }: Context): string {
  return `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}`;
}
