import { apartFrom, sideOf } from '../deployment/companions.ts';
import { anyDrift } from '../deployment/drift.ts';
import type { Observed } from '../deployment/observed.ts';
import { windowOpen } from '../deployment/stage.ts';
import { timeAndAge } from './ago.ts';
import { whereabouts } from './whereabouts.ts';

/** For a run that ended before anybody looked. */
export const NOT_LOOKED_AT = '⚪ Production was not looked at in this run and not touched.';

/**
 * The state in one line, which opens every summary and every red message: a sign, who serves visitors, on which database, since
 * when, and what that means for writing. Green: as it should be. Yellow: read-only for now, or not as this action left it.
 * Red: visitors are affected.
 */
export function headlineOf(observed: Observed): string {
  const apart = apartFrom(observed);
  if (apart.length === 0) return headlineOfFirst(observed);
  const places = apart.map((companion) => `${companion.key} are on the ${SIDES[sideOf(observed, companion)]}`);
  return `${headlineOfFirst(observed).replace(/^🟢/u, '🟡')} Visitors of ${places.join(', of ')}: the move of all apps has not ended.`;
}

const SIDES = { 'live-build': 'live build', 'read-only-copy': 'read-only copy', candidate: 'candidate' } as const;

function headlineOfFirst(observed: Observed): string {
  const [production] = whereabouts(observed);
  if (!production) return NOT_LOOKED_AT;
  const { holds, running, databases = [] } = production;
  const serves = databases.length > 0 ? `the ${holds} on ${databases.join(', ')}` : `the ${holds}`;
  if (!running) return `🔴 Production is STOPPED, so visitors are affected. It holds ${serves}.`;
  if (windowOpen(observed)) {
    return `🟡 Visitors are on ${serves}${since(observed.record?.windowOpenedAt, observed.now)}: ${writing(observed)}.`;
  }
  const sign = observed.production.marker?.role === 'read-only' || anyDrift(observed) ? '🟡' : '🟢';
  return `${sign} Visitors are on ${serves}${since(closedAt(observed), observed.now)}.`;
}

function writing({ record }: Observed): string {
  return record?.mode === 'read-write' ? 'what they write is lost in the end' : 'they can read, and not write';
}

/** When visitors left the copy for what serves them now; whatever was brought there later is no business of the record. */
function closedAt({ production, record }: Observed): string | undefined {
  return production.marker?.deploymentId === record?.deploymentId ? record?.windowClosedAt : undefined;
}

function since(instant: string | undefined, now: string): string {
  return instant === undefined ? '' : ` since ${timeAndAge(instant, now)}`;
}
