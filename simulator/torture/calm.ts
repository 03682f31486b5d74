import type { Weather } from './action-process.ts';

/** Nothing disturbs. */
export const calm: Weather = { meet: (_call, carry) => carry() };
