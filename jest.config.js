/** Jest runs the TypeScript sources as they are: Node strips the types (see ADR 0002). */
export default {
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip-types.js' },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testSequencer: '<rootDir>/scripts/slow-first.ts',
  // Many tests wait for processes of their own: a worker for every core keeps all of them busy.
  maxWorkers: '100%',
  // A whole deployment takes a second; a machine with other things to do may take far longer.
  testTimeout: 30_000,
};
