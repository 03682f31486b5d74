import { wordsOfSuite } from './runtime.ts';

/** What `@jest/globals` is, for one suite. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = wordsOfSuite();
