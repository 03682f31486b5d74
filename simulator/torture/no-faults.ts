import type { Faults } from './action-process.ts';

/** Nothing disturbs. */
export const noFaults: Faults = { meet: (_call, forward) => forward() };
