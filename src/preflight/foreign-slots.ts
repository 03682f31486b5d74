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
import type { Settings } from '../settings/settings.ts';
import { autoSwap } from './slots.ts';
import { heldBack } from './sticky.ts';
import { allFine, listed, notLookedAt, warning } from './verdicts.ts';

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
  if (sites.why !== undefined) return [notLookedAt(NAME, sites.why)];
  const foreign = sites.value.filter(({ slot }) => !ours.includes(lower(slot)));
  const looks = await Promise.all(foreign.map((site) => see(signal, () => lookAt(arm, site))));
  const names = listed(foreign.map(({ slot }) => slot));
  return allFine(
    NAME,
    foreign.length === 0 ? 'There are none.' : `${names}: none swaps by itself, or would bring another database.`,
    looks.flatMap((look) =>
      look.why === undefined ? judge(settings, observed, look.value) : [notLookedAt(NAME, look.why)],
    ),
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
  const { name, autoSwapWith } = slot;
  const aims = ['production', settings.readonlySlot, settings.stagingSlot].map(lower);
  return [
    ...(aims.includes(lower(autoSwapWith)) ? [autoSwap(NAME, observed, { name, autoSwapWith })] : []),
    ...ownDatabase(settings, observed, slot),
  ];
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
  const instead = `Never swap slot ${slot.name} into production any more: deploy with this action only, and use the slot to try things out.`;
  return [
    ...(willTravel.length > 0
      ? [
          warning(
            NAME,
            `${shown(willTravel)} in slot ${slot.name}, which a slot setting has kept there until now. Once the setting travels, a swap of ${slot.name} takes that database into production.`,
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
