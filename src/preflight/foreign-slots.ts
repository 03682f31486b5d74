import type { Arm } from '../azure/arm.ts';
import { canonicalHost } from '../azure/server-names.ts';
import { getAppSettings, getConnectionStrings, getWebConfig } from '../azure/site-config.ts';
import type { Site } from '../azure/site-shapes.ts';
import { listSlots } from '../azure/sites.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { type Found, findDatabases } from '../connection-strings/connection-strings.ts';
import type { Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import type { Observed } from '../deployment/observed.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { suspendedIn } from '../deployment/suspended-entry.ts';
import type { Settings } from '../settings/settings.ts';
import { autoSwap } from './slots.ts';
import { heldBack } from './sticky.ts';
import { allFine, failed, listed, unseen, warning } from './verdicts.ts';

const NAME = 'other slots';

interface ForeignSlot extends SlotSettings {
  readonly name: string;
  /** Empty: it does not swap by itself. */
  readonly autoSwapWith: string;
}

/**
 * The slots of the app that are neither production nor ours; the team goes on using them. One that swaps by itself puts its build into
 * production in the middle of a deployment. One that keeps to a database of its own takes it along when it is swapped and the
 * setting travels.
 */
export async function checkForeignSlots({ context, settings, observed }: Scene): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const ours = [settings.readonlySlot, settings.stagingSlot].map(lower);
  const sites = await see(signal, () => listSlots(arm, observed.production.id));
  if (sites.why !== undefined) return [unseen(NAME, sites)];
  const foreign = sites.value.filter(({ slot }) => !ours.includes(lower(slot)));
  const looks = await Promise.all(foreign.map((site) => see(signal, () => lookAt(arm, site))));
  const names = listed(foreign.map(({ slot }) => slot));
  const { pauseAutoSwap: paused } = settings;
  const off = paused.length > 0 ? ` Auto-swap of ${listed(paused)} is off from "read-only" to "cleanup".` : '';
  return allFine(
    NAME,
    foreign.length === 0
      ? 'There are none.'
      : `${names}: none swaps by itself meanwhile, or would bring another database.${off}`,
    looks.flatMap((look) => (look.why === undefined ? judge(settings, observed, look.value) : [unseen(NAME, look)])),
  );
}

async function lookAt(arm: Arm, { id, slot }: Site): Promise<ForeignSlot> {
  const [{ autoSwapSlotName }, appSettings, connectionStrings] = await Promise.all([
    getWebConfig(arm, id),
    getAppSettings(arm, id),
    getConnectionStrings(arm, id),
  ]);
  const autoSwapWith = typeof autoSwapSlotName === 'string' ? autoSwapSlotName : '';
  return { name: slot, autoSwapWith, appSettings, connectionStrings };
}

/** Pure. */
function judge(settings: Settings, observed: Observed, slot: ForeignSlot): readonly Check[] {
  return [...byItself(settings, observed, slot), ...ownDatabase(settings, observed, slot)];
}

function byItself(settings: Settings, observed: Observed, { name, autoSwapWith }: ForeignSlot): readonly Check[] {
  const paused = settings.pauseAutoSwap;
  const isNamed = paused.some((each) => lower(each) === lower(name));
  if (lower(autoSwapWith) === 'production') {
    if (isNamed) return [];
    const found = `Slot ${name} swaps with production by itself after every upload. "read-only" can turn that off until "cleanup".`;
    return [failed(NAME, found, `pause-auto-swap: ${[...paused, name].join(', ')}`)];
  }
  if ([settings.readonlySlot, settings.stagingSlot].map(lower).includes(lower(autoSwapWith)))
    return [autoSwap(NAME, observed, { name, autoSwapWith })];
  const isOff = suspendedIn(observed.record?.suspended).some(
    (each) => each.kind === 'auto-swap' && lower(each.name) === lower(name),
  );
  if (!isNamed || isOff) return [];
  const found = `Input pause-auto-swap names ${name}, which does not swap with production by itself: nothing is turned off, and nothing on again.`;
  return [warning(NAME, found, `Take ${name} out of pause-auto-swap.`)];
}

function ownDatabase(settings: Settings, observed: Observed, slot: ForeignSlot): readonly Check[] {
  const live = findDatabases(liveBuildSlot(observed));
  const other = findDatabases(slot).filter((its) =>
    live.some((of) => of.kind === its.kind && lower(of.name) === lower(its.name) && !leadsAlike(of, its)),
  );
  const { sticky } = observed.app;
  const held = heldBack(settings, observed);
  const isIn = (lists: typeof held, { kind, name }: Found) =>
    (kind === 'app-setting' ? lists.appSettings : lists.connectionStrings).some((each) => lower(each) === lower(name));
  const travels = other.filter((its) => !isIn(sticky, its));
  const willTravel = other.filter((its) => isIn(held, its));
  const released = settings.releaseSlotSettings.map(lower);
  const afterwards = willTravel.filter(({ name }) => released.includes(lower(name)));
  const forGood = willTravel.filter((its) => !afterwards.includes(its));
  const instead = `Never swap slot ${slot.name} into production any more: deploy with this action only, and use the slot to try things out.`;
  return [
    ...(afterwards.length > 0
      ? [
          warning(
            NAME,
            `${shown(afterwards)} in slot ${slot.name}, where a slot setting keeps it. From "read-only" to "cleanup" it does not: a swap of ${slot.name} would take that database into production.`,
            `Swap ${slot.name} at no time between "read-only" and "cleanup"; pause what does that.`,
          ),
        ]
      : []),
    ...(forGood.length > 0
      ? [
          warning(
            NAME,
            `${shown(forGood)} in slot ${slot.name}, which a slot setting has kept there until now. Once the setting travels, a swap of ${slot.name} takes that database into production.`,
            instead,
          ),
        ]
      : []),
    ...(travels.length > 0
      ? [
          warning(
            NAME,
            `${shown(travels)} in slot ${slot.name}, and no slot setting keeps it there: a swap of ${slot.name} takes that database into production.`,
            instead,
          ),
        ]
      : []),
  ];
}

function leadsAlike(one: Found, other: Found): boolean {
  return (
    canonicalHost(one.address.host) === canonicalHost(other.address.host) &&
    lower(one.address.database) === lower(other.address.database)
  );
}

function shown(found: readonly Found[]): string {
  const each = found.map(({ name, address }) => `${name} leads to database ${address.database} on ${address.host}`);
  return listed(each);
}

function lower(text: string): string {
  return text.toLowerCase();
}
