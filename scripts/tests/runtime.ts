import { createRequire, enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What tests import as `@jest/globals`. */
type Words = typeof import('@jest/globals');

const require = createRequire(import.meta.url);
const WORDS = new URL('words.ts', import.meta.url).href;

// What is stripped and compiled once is taken from there by the next run, and by the processes that tests start.
// https://nodejs.org/api/module.html#module-compile-cache
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../build/compiled', import.meta.url));
enableCompileCache(process.env.NODE_COMPILE_CACHE);

/** The suite that is played. */
const suite = { nr: 0, tests: undefined as string | undefined, words: undefined as Words | undefined };

/** Throws outside of suites. */
export function wordsOfSuite(): Words {
  if (suite.words === undefined) throw new Error('No suite is played.');
  return suite.words;
}

// What is below __tests__ is loaded anew for each suite: files there register hooks as they are loaded, and keep what a suite makes.
registerHooks({
  resolve(specifier, context, next) {
    const of = /\?suite=\d+$/.exec(context.parentURL ?? '')?.[0] ?? `?suite=${suite.nr}`;
    if (specifier === '@jest/globals') return next(WORDS + of, context);
    const found = next(specifier, context);
    const isOfTests = suite.tests !== undefined && found.url.startsWith(suite.tests);
    return isOfTests && !found.url.includes('?') ? { ...found, url: found.url + of } : found;
  },
});

/**
 * Jest's runtime, by Node itself. Jest's own plays each suite in a world of its own, for which hundreds of modules are linked
 * anew and get no faster; here a worker loads each source once, for all of its suites. What Jest asks of a runtime:
 * https://github.com/jestjs/jest/blob/v30.2.0/packages/jest-runner/src/runTest.ts
 * https://github.com/jestjs/jest/blob/v30.2.0/packages/jest-circus/src/legacy-code-todo-rewrite/jestAdapter.ts
 */
export default class NodeRuntime {
  constructor({ rootDir }: { readonly rootDir: string }) {
    suite.nr += 1;
    suite.tests = pathToFileURL(`${rootDir}/__tests__/`).href;
  }

  /** The part of Jest that collects and plays tests; it begins with nothing as it is loaded. */
  requireInternalModule(path: string): unknown {
    delete require.cache[path];
    return require(path);
  }

  setGlobalsForRuntime(words: Words): void {
    suite.words = words;
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  async unstable_importModule(path: string): Promise<void> {
    await import(pathToFileURL(path).href);
  }

  teardown(): void {
    suite.words = undefined;
  }

  // What belongs to things that we do not use: setup files, coverage, source maps.
  requireModule(path: string): unknown {
    return require(path);
  }
  enterTestCode(): void {}
  leaveTestCode(): void {}
  getAllCoverageInfoCopy(): void {}
  getSourceMaps(): ReadonlyMap<string, string> {
    return new Map();
  }
}
