import type { World } from '../world.ts';

/** An ETag as Azure makes them: `"1DBF5556B149D60"`, from the time. */
export function newEtag(world: World, now: number): string {
  const ticks = 621_355_968_000_000_000n + BigInt(now) * 10_000n + BigInt(world.nextId++ % 10_000);
  return `"${ticks.toString(16).toUpperCase()}"`;
}
