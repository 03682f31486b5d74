import { getSlotConfigNames } from '../azure/site-config.ts';
import { slotId } from '../azure/sites.ts';
import type { Context } from '../context/context.ts';
import { hasSettings, type PartialLook, type SeenSlot, type Unseen } from '../deployment/partial-look.ts';
import { freshRun } from '../deployment/this-run.ts';
import type { Stop } from '../errors.ts';
import type { Phase } from '../settings/choices.ts';
import type { Settings } from '../settings/settings.ts';
import { attempt, type Part, unseenPart } from './attempt.ts';
import { databasesInPart, serverInPart } from './in-part-databases.ts';
import { runOf } from './join.ts';
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

function appPart(
  context: Context,
  { production, readonlySlot, stagingSlot }: Pick<PartialLook, 'production' | 'readonlySlot' | 'stagingSlot'>,
  sticky: Parameters<typeof appOf>[2],
): PartialLook['appPart'] {
  if (!production || !hasSettings(production) || readonlySlot === undefined || stagingSlot === undefined)
    return undefined;
  if (readonlySlot !== null && !hasSettings(readonlySlot)) return undefined;
  if (stagingSlot !== null && !hasSettings(stagingSlot)) return undefined;
  return {
    app: appOf(context, production.site, sticky),
    production,
    readonlySlot,
    stagingSlot,
    newBuild: context.newBuild,
  };
}
