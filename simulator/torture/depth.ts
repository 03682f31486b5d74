/** How many cases are played: of so many one. */
export interface Depth {
  /**
   * At calls that change something, and at those that only read: those met for the first time, in the plain scenario and in others,
   * and those known from elsewhere.
   */
  readonly write: Readonly<Record<'plain' | 'new' | 'known', number>>;
  readonly read: Readonly<Record<'plain' | 'new' | 'known', number>>;
  /** Reads that are new to a scenario, and known from another. */
  readonly readHere: number;
  /** Faults in which everything hangs on the moment. */
  readonly inFull: Readonly<Record<'plain' | 'others', number>>;
  /** Other people, other phases and other runs. */
  readonly special: Readonly<Record<'plain' | 'others', number>>;
  /** Where a second run may begin before the first change. */
  readonly beginning: number;
  /** Pairs of faults in one run of each kind. */
  readonly pairs: number;
  /** After a kill every other phase is tried, and not one. */
  readonly everyOther: boolean;
}

export const depths = {
  /** Within a quarter of an hour on two cores. */
  usual: {
    write: { plain: 1, new: 8, known: 200 },
    read: { plain: 40, new: 100, known: 1000 },
    readHere: 8,
    inFull: { plain: 2, others: 12 },
    special: { plain: 2, others: 10 },
    beginning: 8,
    pairs: 3,
    everyOther: false,
  },
  /** A few times a year, by night. */
  deep: {
    write: { plain: 1, new: 1, known: 6 },
    read: { plain: 2, new: 3, known: 20 },
    readHere: 1,
    inFull: { plain: 1, others: 1 },
    special: { plain: 1, others: 1 },
    beginning: 4,
    pairs: 70,
    everyOther: true,
  },
  /** All that may show a mistake, of the few cases that a mistake names. */
  planted: {
    write: { plain: 1, new: 1, known: 1 },
    read: { plain: 1, new: 1, known: 1 },
    readHere: 1,
    inFull: { plain: 1, others: 1 },
    special: { plain: 1, others: 1 },
    beginning: 1,
    pairs: 4,
    everyOther: true,
  },
} as const satisfies Readonly<Record<string, Depth>>;

export type DepthName = keyof typeof depths;

export const USUAL: Depth = depths.usual;
