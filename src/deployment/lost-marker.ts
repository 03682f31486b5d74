import type { Marker } from './marker.ts';
import type { DeployedApp } from './observed.ts';

/**
 * The marker that production should bear, and has lost although the last swap that Azure remembers is the one of `complete`: somebody
 * wrote settings over those of the candidate. To take it for the live build would call the one that waits superfluous.
 * Undefined where nothing is lost.
 */
export function lostMarker({ record, production }: DeployedApp): Marker | undefined {
  const { candidate, windowClosedAt: closed, visitorsOnOriginalSince: since, intent } = record ?? {};
  const last = production.swapStatus?.at;
  if (!record || !candidate || !closed || !since || !last || intent || production.marker) return undefined;
  if (Date.parse(closed) !== Date.parse(last)) return undefined;
  return { deploymentId: record.deploymentId, role: candidate.role, attempt: candidate.attempt };
}
