import { carried } from './carried.ts';
import { databases } from './databases.ts';
import { elsewhere } from './elsewhere.ts';
import { eyes } from './eyes.ts';
import { forged } from './forged.ts';
import { instances } from './instances.ts';
import type { Planted } from './mistake.ts';
import { neighbours } from './neighbours.ts';
import { runs } from './runs.ts';
import { servers } from './servers.ts';
import { several } from './several.ts';
import { swaps } from './swaps.ts';
import { waysOut } from './ways-out.ts';

/** Every mistake that the harness must notice. */
export const planted: readonly Planted[] = [
  ...swaps,
  ...databases,
  ...instances,
  ...runs,
  ...carried,
  ...elsewhere,
  ...neighbours,
  ...waysOut,
  ...eyes,
  ...several,
  ...servers,
  ...forged,
];

export function plantedNamed(name: string): Planted {
  const found = planted.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`There is no planted fault ${name}.`);
}
