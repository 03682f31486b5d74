import type { Frame } from '../env.ts';

/** Puts one row after the other into a frame and calls `then` for each; stops, and answers true, when `then` does. */
export type Produce = (frame: Frame, then: () => boolean) => boolean;

export const NOTHING: Produce = (_frame, then) => then();

/** Every row of one with every row of the other. */
export function crossed(left: Produce, right: Produce): Produce {
  return left === NOTHING ? right : (frame, then) => left(frame, () => right(frame, then));
}
