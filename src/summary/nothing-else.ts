import { BESIDE, type BesidePart, changedBeside, changedSlots } from '../deployment/beside.ts';
import type { Observed } from '../deployment/observed.ts';
import { settingDifferences } from '../deployment/setting-differences.ts';
import type { SlotChanges } from '../deployment/slot-list.ts';
import type { PhaseName } from '../settings/phases.ts';

const TELLING: ReadonlySet<PhaseName> = new Set(['complete', 'cleanup']);

/** Production beside what it was before the deployment: what was to change, and that nothing else did; sentences. */
export function nothingElseNotes(phases: readonly PhaseName[], last: Observed, first: Observed | undefined): string[] {
  const changed = changedIn(phases, last, first);
  if (changed === undefined) return [];
  const slots = slotChangesIn(phases, last, first);
  const same = BESIDE.filter((part) => !changed.includes(part));
  return [
    `${settingsText(last)}Of production these are as before the deployment: ${same.length > 0 ? same.join(', ') : 'none'}.`,
    ...(slots && slotsWarning(slots) === undefined ? [slotsNote(slots)] : []),
  ];
}

/** What somebody else must have changed meanwhile; sentences. */
export function nothingElseWarnings(
  phases: readonly PhaseName[],
  last: Observed,
  first: Observed | undefined,
): string[] {
  const changed = changedIn(phases, last, first) ?? [];
  const slots = slotChangesIn(phases, last, first);
  const ofSlots = slots && slotsWarning(slots);
  return [
    ...(changed.length > 0
      ? [
          `Of production these are not as before the deployment, which does not change them: ${changed.join(', ')}. ${WHO}`,
        ]
      : []),
    ...(ofSlots ? [`${ofSlots} ${WHO}`] : []),
  ];
}

const WHO = 'Look at the activity log of the app for who did, and whether it is meant so.';

function slotsNote({ made }: SlotChanges): string {
  const more = made.length > 0 ? `, and ${made.join(' and ')}, which the deployment made` : '';
  return `The app has the slots that it had before the deployment${more}.`;
}

/** Undefined where only the deployment has made any. */
function slotsWarning({ appeared, vanished, counts }: SlotChanges): string | undefined {
  const changes = [
    ...(appeared.length > 0 ? [`${appeared.join(', ')} came`] : []),
    ...(vanished.length > 0 ? [`${vanished.join(', ')} went`] : []),
    ...(counts ? [`beside those of the deployment there were ${counts.before} and are ${counts.now}`] : []),
  ];
  if (changes.length === 0) return undefined;
  return `The app has not the slots that it had before the deployment, which makes and removes no others than its own: ${changes.join('; ')}.`;
}

/** Undefined where nobody can tell, as in `complete`, which does not ask: visitors may not write meanwhile. */
function slotChangesIn(
  phases: readonly PhaseName[],
  last: Observed,
  first: Observed | undefined,
): SlotChanges | undefined {
  const record = last.record ?? first?.record;
  if (!record?.completedAt || !phases.some((phase) => TELLING.has(phase))) return undefined;
  return changedSlots(record.before, last, [record.readonlySlot, record.stagingSlot]);
}

/** `cleanup` ends with the record, so its first look has it. Undefined where nobody can tell. */
function changedIn(
  phases: readonly PhaseName[],
  last: Observed,
  first: Observed | undefined,
): readonly BesidePart[] | undefined {
  const record = last.record ?? first?.record;
  if (!record?.completedAt || !phases.some((phase) => TELLING.has(phase))) return undefined;
  // Slot settings that travel while the deployment is open come back in `cleanup`.
  const isPutOff = (last.record?.suspended ?? []).length > 0;
  return changedBeside(record.before, last)?.filter((part) => !(isPutOff && part === 'slot settings'));
}

/** As long as the live build is there to compare with: it waits where the copy was made. */
function settingsText({ production, readonlySlot, record }: Observed): string {
  if (record?.candidate?.role !== 'new' || readonlySlot === null) return '';
  const differences = settingDifferences(readonlySlot, production).map(({ name, what }) => `${name} ${what}`);
  return differences.length > 0
    ? `Settings that the deployment changed: ${differences.join(', ')}. `
    : 'All settings are as the live build had them. ';
}
