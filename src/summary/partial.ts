import { findDatabases } from '../connection-strings/connection-strings.ts';
import type { Check } from '../deployment/check.ts';
import type { Role } from '../deployment/marker.ts';
import { hasSettings, type PartialLook, type SeenSlot, type Unseen, wholeOf } from '../deployment/partial-look.ts';
import { windowRecorded } from '../deployment/stage.ts';
import { headlineOf } from './headline.ts';
import { othersOpen } from './notes.ts';
import { resultOfPartial } from './run-result.ts';
import type { RunReport } from './summary.ts';
import { type Whereabout, whereabouts } from './whereabouts.ts';

/**
 * What there is to tell of a look with parts missing: what was seen, what was not, and no guess.
 * @param checks the table of this run, which may tell already what was not seen.
 */
export function reportOfPartial(
  look: PartialLook,
  checks: readonly Check[],
): Pick<RunReport, 'result' | 'whereabouts' | 'notes' | 'warnings'> {
  const whole = wholeOf(look);
  const listed = new Set(checks.map(({ name }) => name));
  return {
    result: look.production && resultOfPartial(look),
    whereabouts: whole ? whereabouts(whole) : slotsOfPartial(look),
    notes: whole
      ? []
      : [...ofTheWindow(look), ...(look.databasePart ? othersOpen(look.databasePart) : []), ...ofTheLastSwap(look)],
    // Without the app there is a failure, which says it.
    warnings: look.production ? look.unseen.filter(({ what }) => !listed.has(what)).map(warningOf) : [],
  };
}

function warningOf({ what, so, why, stop }: Unseen): string {
  return `Could not be looked at: ${what}. So it is not known ${so}. ${why} ${stop.next}`;
}

/** The state in one line, as far as it was seen. */
export function headlineOfPartial(look: PartialLook): string {
  const whole = wholeOf(look);
  if (whole) return headlineOf(whole);
  const { production } = look;
  if (!production) return '⚪ Production could not be looked at in this run; it was not touched.';
  const unread = 'what it serves could not be looked at';
  const holds = hasSettings(production) ? `it holds the ${heldBy(production)}` : unread;
  if (production.state !== 'Running') return `🔴 Production is STOPPED, so visitors are affected; ${holds}.`;
  return `⚪ Production is running; ${holds}.`;
}

function slotsOfPartial({ production, readonlySlot, stagingSlot }: PartialLook): readonly Whereabout[] {
  const slots = [production, readonlySlot, stagingSlot].filter((slot) => slot !== null && slot !== undefined);
  return slots.map((slot) => ({
    slot: slot.name,
    holds: heldBy(slot),
    running: slot.state === 'Running',
    visitors: slot === production,
    databases: hasSettings(slot) ? [...new Set(findDatabases(slot).map(({ address }) => address.database))] : undefined,
  }));
}

const BUILDS: Readonly<Record<Role, string>> = { 'read-only': 'read-only copy', new: 'new build', live: 'live build' };

/** By the marker alone: what else tells it, the record, may not have been seen. */
function heldBy(slot: SeenSlot): string {
  if (!hasSettings(slot)) return 'could not be looked at';
  return slot.marker
    ? `${BUILDS[slot.marker.role]} of deployment ${slot.marker.deploymentId}`
    : 'build without a marker';
}

function ofTheWindow({ databasePart }: PartialLook): string[] {
  const record = databasePart?.record;
  if (!record) return [];
  const recorded = `By the record of deployment ${record.deploymentId}`;
  if (windowRecorded(record)) {
    return [`${recorded} visitors have been on the read-only copy since ${record.windowOpenedAt}.`];
  }
  return [
    record.windowOpenedAt === undefined
      ? `${recorded} the read-only window has not been opened yet.`
      : `${recorded} the read-only window ended at ${record.windowClosedAt}.`,
  ];
}

/** Azure itself remembers it, for everybody who may see the app. */
function ofTheLastSwap({ production }: PartialLook): string[] {
  if (!production?.swapStatus) return [];
  const { at, source, destination } = production.swapStatus;
  return [`The last swap of the app was of ${source} into ${destination}, at ${at}.`];
}
