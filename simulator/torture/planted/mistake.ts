/** A mistake put into the action on purpose: text of its files, replaced as they are loaded. Nothing is written. */
export interface Planted extends Edit {
  readonly name: string;
  /** What the action does wrong, as a sentence. */
  readonly wrong: string;
  /** Where the mistake alone would be caught by the action itself: the guards that are missing as well. */
  readonly also?: readonly Edit[];
  /** Where the harness must notice it: stages, and which of their cases. */
  readonly path: string;
  readonly only: string;
  /** Default `one`. */
  readonly scenario?: string;
}

export interface Edit {
  /** Below `src/`. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** The stages until visitors are on the read-only copy. */
export const WINDOW = 'clone read-only switch';
/** The case in which nothing else goes wrong. */
export const NOTHING = '#0/undisturbed$';
