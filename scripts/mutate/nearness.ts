import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './files.ts';

/** How far a test is from what it may notice: the nearest come first. */
export const NEARNESS = { own: 0, imports: 1, unit: 2, world: 3, sweep: 4, apart: 5 } as const;

/** Tests that play deployments in a world of their own: they take a hundred times as long as others. */
export const WORLDS = /^(in-process|preflight|teams|zoo)\//;

/**
 * @param test its name
 * @param file below src/
 */
export function nearness(test: string, file: string): number {
  const [its = ''] = test.split(': ');
  if (its === 'sweep') return NEARNESS.sweep;
  if (its === `${file.replace(/\.ts$/, '')}.test.ts`) return NEARNESS.own;
  const path = `__tests__/${its}`;
  if (!reachedFrom(path).has(`src/${file}`)) return NEARNESS.apart;
  if (WORLDS.test(its)) return NEARNESS.world;
  return importsOf(path).includes(`src/${file}`) ? NEARNESS.imports : NEARNESS.unit;
}

/** All that a file imports and what that imports; what is only a type is gone when it runs. */
function reachedFrom(path: string): ReadonlySet<string> {
  const known = reached.get(path);
  if (known !== undefined) return known;
  const found = new Set<string>();
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const each of importsOf(next))
      if (!found.has(each)) {
        found.add(each);
        waiting.push(each);
      }
  reached.set(path, found);
  return found;
}

/** Paths in this repository. */
export function importsOf(path: string): readonly string[] {
  const known = imported.get(path);
  if (known !== undefined) return known;
  const text = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
  const found = [...text.matchAll(IMPORT)].map(([, from = '']) => join(dirname(path), from));
  imported.set(path, found);
  return found;
}

const IMPORT = /(?:^(?:import|export) (?!type )[^;]*?|\bimport\()'(\.[^']+\.ts)'/gm;
const reached = new Map<string, ReadonlySet<string>>();
const imported = new Map<string, readonly string[]>();
