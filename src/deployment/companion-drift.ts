import { Stop } from '../errors.ts';
import { appOfKey } from './app-key.ts';
import { azWebApp } from './commands.ts';
import { focusOn, sideOf } from './companions.ts';
import { holds } from './marker.ts';
import type { Companion, Observed } from './observed.ts';
import { leadsToOriginal } from './overwritten.ts';
import { windowOpen } from './stage.ts';

/**
 * Companions whose visitors are on what was their read-only copy, with settings that somebody wrote over it: the copy is not
 * where a swap would have brought it, or it leads to an original again. The time of their swap tells nothing, as the record has that of the first app only.
 */
export function overwrittenCompanions(observed: Observed): readonly Companion[] {
  const isKnown = observed.databases.every(({ clone }) => clone !== null);
  return isKnown ? inWindow(observed).filter((companion) => isOverwritten(observed, companion)) : [];
}

/** What is in the way of every phase because of another app that moves along. */
export function companionDrift(observed: Observed): Stop | undefined {
  const [overwritten] = overwrittenCompanions(observed);
  if (overwritten) {
    return new Stop(
      'drifted',
      `Somebody has written settings over those of the read-only copy in production of ${overwritten.key}, without a swap: its visitors have the files of the live build with other settings.`,
      'Find out who writes them (a template of the infrastructure, mostly) and stop that until the deployment has ended. Then run "switch": it makes the read-only copy anew in the staging slot and sends visitors there. From there go on with "deploy", or back with "rollback".',
    );
  }
  const away = inWindow(observed).find((companion) => sideOf(observed, companion) === 'live-build');
  const slot = away?.look.readonlySlot;
  if (!slot) return undefined;
  return new Stop(
    'drifted',
    `Visitors of ${away.key} should be on its read-only copy of deployment ${observed.deploymentId}, and that is in slot ${slot.name}.`,
    `Someone swapped by hand. Swap it back, then run the phase again: ${azWebApp(appOfKey(away.key), 'deployment slot swap', slot.name)}`,
  );
}

/** Nobody is on the way: the first app, which moves last and goes back first, is on its copy. */
function inWindow(observed: Observed): readonly Companion[] {
  const { record, companions } = observed;
  return record !== null && record.intent === undefined && windowOpen(observed) ? companions : [];
}

function isOverwritten(observed: Observed, companion: Companion): boolean {
  if (companion.look.readonlySlot === null) return false;
  const side = sideOf(observed, companion);
  if (side === 'read-only-copy') return leadsToOriginal(focusOn(observed, companion));
  // Swapped away by hand it would be there; in the staging slot it is being made anew.
  return side === 'live-build' && !holds(companion.look.readonlySlot, observed.deploymentId, 'read-only');
}
