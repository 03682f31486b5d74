import type { Log } from '../../src/ports.ts';

/** Says nothing, and runs what a group holds. */
export const silentLog: Log = {
  info: () => undefined,
  warning: () => undefined,
  debug: () => undefined,
  group: (_title, body) => body(),
  secret: () => undefined,
};
