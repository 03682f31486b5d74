import type { Narrator } from './narrator.ts';
import type { Visitors } from './send-visitors.ts';
import { outcomeOf } from './visit.ts';

/** A page of the shop takes some milliseconds. Where half of them take longer than this, the machine has no time to serve it. */
const SLOW_MS = 150;
const FEWEST = 15;
/** How long each rate is tried, and how much of it is looked at. */
const TRIED_MS = 1500;
const LOOKED_AT_MS = 1000;

/**
 * Has fewer visitors come until this machine can serve them: a shop that is starved by its own demo proves nothing about
 * deployments. Says so when it cannot serve even the fewest.
 */
export async function fitToMachine(readsPerSecond: number, visitors: Visitors, narrator: Narrator): Promise<void> {
  for (let rate = readsPerSecond; ; ) {
    const medianMs = recentMedian(visitors);
    if (medianMs < SLOW_MS) return;
    if (rate <= FEWEST) {
      narrator.tell(
        `This machine is too busy or too small: half of the pages take ${Math.round(medianMs)} ms or longer, at ${rate} a second. What follows says nothing about times.`,
      );
      return;
    }
    rate = Math.max(FEWEST, Math.round(rate / 2));
    narrator.tell(`This machine cannot serve so many: from now on ${rate} pages a second (see --reads).`);
    visitors.slowDown(rate);
    await new Promise((resolve) => setTimeout(resolve, TRIED_MS));
  }
}

/** Of the reads that were asked for lately, those without an answer until now included. */
function recentMedian({ visits }: Visitors): number {
  const since = Date.now() - LOOKED_AT_MS;
  const lately = visits.filter((visit) => visit.kind === 'read' && visit.at + visit.ms >= since);
  const durations = lately.map((visit) => (outcomeOf(visit) === 'ok' ? visit.ms : Number.POSITIVE_INFINITY));
  return durations.sort((one, other) => one - other)[Math.floor(durations.length / 2)] ?? Number.POSITIVE_INFINITY;
}
