import type { ContentProblem } from '../problem.ts';

/** How a value is converted. */
export interface How {
  /** CAST and CONVERT may do what an assignment may not. */
  readonly isExplicit: boolean;
  readonly style?: number;
  /** What to throw when text or bytes do not fit; absent: they are cut. */
  readonly tooLong?: (value: string | Uint8Array) => ContentProblem;
}
