import type { Observed } from '../deployment/observed.ts';
import { driftOf, lostClone, windowOpen } from '../deployment/state.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { Plan } from '../steps.ts';
import type { Phase } from './phase.ts';

export const status: Phase = {
  name: 'status',
  promise: 'Nothing was changed; it is said who serves what on which database, and what may be run next.',
  changes: false,
  looksInside: [],
  plan,
};

function plan(settings: Settings, observed: Observed): Plan {
  const drift = driftOf(observed) ?? lostClone(observed);
  if (drift) throw new Stop('drifted', drift.found, drift.mend);
  stopWhenTooLong(settings, observed);
  return [];
}

/** For a watchdog on a schedule: an approval that nobody gives keeps the site read-only for days. */
function stopWhenTooLong({ maxReadOnlyMinutes }: Settings, observed: Observed): void {
  const opened = observed.record?.windowOpenedAt;
  if (maxReadOnlyMinutes === undefined || opened === undefined || !windowOpen(observed)) return;
  const minutes = Math.floor((Date.parse(observed.now) - Date.parse(opened)) / 60_000);
  if (minutes <= maxReadOnlyMinutes) return;
  throw new Stop(
    'failed',
    `Visitors have been on the read-only copy for ${minutes} minutes, longer than max-read-only-minutes (${maxReadOnlyMinutes}).`,
    'Approve or reject the waiting job, or run "complete" or "rollback".',
  );
}
