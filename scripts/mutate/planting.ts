import { registerHooks } from 'node:module';
import { measuredFiles, root } from './files.ts';
import { NAMED } from './named.ts';
import { withAll } from './schemata.ts';

/** Which mistakes were asked for while something ran, and which one is planted. */
export const planting: { planted: number | undefined; asked: Set<number> } = { planted: undefined, asked: new Set() };

/**
 * From now on the sources are loaded with all their mistakes, and tests get their words from here instead of from Jest.
 * @param named one that somebody thought of: it is planted from the first line on
 */
export function loadWithMistakes(named: string | undefined): void {
  const files = new Map(measuredFiles().map((each) => [urlOf(each.file), each]));
  const mistake = NAMED.find(({ name }) => name === named);
  const words = new URL('jest-globals.ts', import.meta.url).href;
  Object.assign(globalThis, { $planted });
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@jest/globals'
        ? { url: words, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context),
    load(url, context, next) {
      const file = files.get(url);
      if (mistake && url === urlOf(mistake.file)) {
        const loaded = next(url, context);
        const [before = '', after, ...more] = String(loaded.source).split(mistake.find);
        if (after === undefined || more.length > 0) throw new Error(`Its text does not occur once: ${mistake.name}`);
        return { ...loaded, source: `${before}${mistake.replace}${after}` };
      }
      if (file === undefined) return next(url, context);
      return {
        source: withAll(file.source, file.mutants, file.first),
        format: 'module-typescript',
        shortCircuit: true,
      };
    },
  });
}

function urlOf(file: string): string {
  return `file://${root}src/${file}`;
}

function $planted(id: number): boolean {
  if (planting.planted === undefined) planting.asked.add(id);
  return planting.planted === id;
}
