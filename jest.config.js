import { availableParallelism } from 'node:os';

/** Jest collects, plays and reports; Node loads the TypeScript sources as they are (see ADR 0002). */
export default {
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  runtime: '<rootDir>/scripts/tests/runtime.ts',
  testEnvironment: '<rootDir>/scripts/tests/environment.ts',
  transform: {},
  injectGlobals: false,
  testSequencer: '<rootDir>/scripts/slow-first.ts',
  // Many tests wait for processes of their own: three workers keep two cores busy. (Jest takes "150%" for 150 of them.)
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // A whole deployment takes a second; a machine with other things to do may take far longer.
  testTimeout: 30_000,
};
