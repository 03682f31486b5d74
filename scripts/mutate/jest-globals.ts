import { jestExpect } from '@jest/expect';

/** What tests import as `@jest/globals`, here without a process, a world of modules and a transform for every file of theirs. */
export { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'jest-circus';
export const expect = jestExpect;
