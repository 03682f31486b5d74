import type { Env } from '../env.ts';

/** OFFSET and FETCH. */
export interface Page {
  readonly offset: ((env: Env) => number) | undefined;
  readonly fetch: ((env: Env) => number) | undefined;
}
