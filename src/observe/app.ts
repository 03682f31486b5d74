import { getSlotConfigNames } from '../azure/site-config.ts';
import type { StickyNames } from '../azure/site-shapes.ts';
import { type App, slotId } from '../azure/sites.ts';
import type { Context } from '../context/context.ts';
import type { AppLook } from '../deployment/observed.ts';
import { hasSettings, type SeenSlots } from '../deployment/partial-look.ts';
import { Stop } from '../errors.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { begun } from './ahead.ts';
import { lookAtBuilds } from './builds.ts';
import { withSecrets } from './secrets.ts';
import { lookAtSlot, type SlotLook } from './slots.ts';
import { attempt, type Missing, miss, type Part } from './unseen.ts';

/** An app with its slots as far as they were seen, and the whole of it when nothing is missing. */
export interface SeenApp extends SeenSlots {
  readonly appPart: AppLook | undefined;
}

/** How the look at an app begins: its production slot tells the server, and the record there the names of the other slots. */
export interface AppBegun {
  readonly app: App;
  /** Undefined when nobody could look. */
  readonly production: NamedSlot | undefined;
  readonly sticky: Promise<StickyNames>;
  /** Slots that were there at the last look, by name: asked for already. */
  readonly ahead: ReadonlyMap<string, Promise<SlotLook>>;
}

interface NamedSlot extends SlotLook {
  readonly name: string;
}

/** Begins to look at an app. Stops when there is no such app. */
export async function beginLookAtApp(context: Context, missing: Missing): Promise<AppBegun> {
  const { app } = context;
  const ahead = slotsAhead(context);
  // Of an app that does not exist this fails, too: what is said then is that there is no app.
  const sticky = begun(getSlotConfigNames(context.arm, slotId(app, 'production')));
  const production = await slotPart(context, missing, { app, ahead }, 'production');
  if (production?.slot === null) {
    throw new Stop(
      'bad-input',
      `There is no app ${app.name} in resource group ${app.resourceGroup}.`,
      'Check the inputs resource-group and app-name, and that the identity may read the app.',
    );
  }
  return { app, production, sticky, ahead };
}

/** The rest of the app. Who may not see the app may not see its slots: one missing part says so. */
export async function lookAtApp(
  context: Context,
  missing: Missing,
  { app, production, sticky, ahead }: AppBegun,
  names: Pick<Settings, 'readonlySlot' | 'stagingSlot'>,
  phase: PhaseTraits,
): Promise<SeenApp> {
  if (!production) {
    return { production: undefined, readonlySlot: undefined, stagingSlot: undefined, appPart: undefined };
  }
  const [readonlySlot, stagingSlot, stickyNames] = await Promise.all([
    slotPart(context, missing, { app, ahead }, names.readonlySlot),
    slotPart(context, missing, { app, ahead }, names.stagingSlot),
    attempt(context, missing, stickyPart(slotId(app, 'production')), () => sticky),
  ]);
  missSettings(missing, app, [production, readonlySlot, stagingSlot]);
  const known = <T extends SlotLook['slot'] | undefined>(slot: T) =>
    slot && hasSettings(slot) ? withSecrets(context, phase, slot) : slot;
  const seen = {
    production: (await known(production.slot)) ?? undefined,
    readonlySlot: await known(readonlySlot?.slot),
    stagingSlot: stagingSlot?.slot,
  };
  return { ...seen, appPart: stickyNames && (await appPartOf(context, phase, app, seen, stickyNames)) };
}

/**
 * Asks for what the last look has named already, and at first for the slots that the inputs name, which are mostly those of the record:
 * visitors may not write meanwhile, and a look is mostly the way there and back.
 */
function slotsAhead(context: Context): ReadonlyMap<string, Promise<SlotLook>> {
  const { app, known, settings } = context;
  const prefix = `${slotId(app, 'production')}/slots/`;
  const before = [...known.slots].flatMap((id) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : []));
  const names = known.slots.size === 0 ? [settings.readonlySlot, settings.stagingSlot] : before;
  return new Map(names.map((name) => [name, begun(lookAtSlot(context, app, name))]));
}

async function slotPart(
  context: Context,
  missing: Missing,
  { app, ahead }: Pick<AppBegun, 'app' | 'ahead'>,
  name: string,
): Promise<NamedSlot | undefined> {
  const at = slotId(app, name);
  const part =
    name === 'production'
      ? { what: `app ${app.name}`, so: 'what it serves and which slots it has', at }
      : { what: `slot ${name}`, so: 'whether it exists and what it holds', at };
  const look = await attempt(context, missing, part, () => ahead.get(name) ?? lookAtSlot(context, app, name));
  if (look?.error !== undefined && !missing.isAllowed) throw look.error;
  return look && { ...look, name };
}

/** One entry for all slots: who may not read the settings of one may not read those of the others. */
function missSettings(missing: Missing, app: App, slots: readonly (NamedSlot | undefined)[]): void {
  const unread = slots.filter((slot) => slot?.error !== undefined).flatMap((slot) => slot ?? []);
  const [first] = unread;
  if (!first) return;
  const what = `settings of ${unread.map(({ name }) => name).join(', ')}`;
  const part = { what, so: 'which build is served there, on which database', at: slotId(app, first.name) };
  miss(missing, part, first.error);
}

function stickyPart(at: string): Part {
  return { what: 'slot settings', so: 'which settings stay with their slot in a swap', at };
}

async function appPartOf(
  context: Context,
  phase: PhaseTraits,
  { name, resourceGroup }: App,
  { production, readonlySlot, stagingSlot }: SeenSlots,
  sticky: StickyNames,
): Promise<AppLook | undefined> {
  if (!production || !hasSettings(production) || readonlySlot === undefined || stagingSlot === undefined)
    return undefined;
  if (readonlySlot !== null && !hasSettings(readonlySlot)) return undefined;
  if (stagingSlot !== null && !hasSettings(stagingSlot)) return undefined;
  const { id, location, reserved } = production.site;
  const { appSettings, connectionStrings, storage } = sticky;
  const app = {
    name,
    resourceGroup,
    id,
    location,
    windows: !reserved,
    sticky: { appSettings, connectionStrings, mounts: storage },
  };
  const slots = { production, readonlySlot, stagingSlot };
  return { app, ...slots, ...(await lookAtBuilds(context, phase, slots)) };
}
