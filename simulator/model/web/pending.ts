import type { World } from '../world.ts';
import type { WebPending } from './state.ts';

/** Has something happen at an instant. */
export function schedule(world: World, event: WebPending): void {
  world.web.pending.push(event);
}

/** The instant of the next event. */
export function nextPendingAt(world: World): number | undefined {
  let next: number | undefined;
  for (const event of world.web.pending) if (next === undefined || event.at < next) next = event.at;
  return next;
}

/** Takes out the first event that is due; of two at one instant the one scheduled earlier. */
export function takeDue(world: World, now: number): WebPending | undefined {
  const { pending } = world.web;
  let first = -1;
  for (let i = 0; i < pending.length; i++) {
    const at = pending[i]?.at ?? Number.POSITIVE_INFINITY;
    if (at <= now && (first < 0 || at < (pending[first]?.at ?? 0))) first = i;
  }
  return first < 0 ? undefined : pending.splice(first, 1)[0];
}
