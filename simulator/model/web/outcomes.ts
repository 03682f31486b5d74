import type { World } from '../world.ts';
import type { WebOutcome } from './state.ts';

/** Takes one of these outcomes, when there is one. */
export function takeOutcome<T extends WebOutcome>(world: World, ...wanted: T[]): T | undefined {
  const { injected } = world.web;
  for (const outcome of wanted) {
    const place = injected.indexOf(outcome);
    if (place < 0) continue;
    injected.splice(place, 1);
    return outcome;
  }
  return undefined;
}
