/** How many cases are played: of so many one. */
export interface Depth {
  /**
   * At calls that change something, and at those that only read: those met for the first time, in the plain scenario and in others,
   * and those known from elsewhere.
   */
  readonly write: Readonly<Record<'plain' | 'new' | 'known', number>>;
  readonly read: Readonly<Record<'plain' | 'new' | 'known', number>>;
  /** Requests that meet one fault at least: new ones, and those that are new to a scenario and known from another. */
  readonly met: Readonly<Record<'write' | 'read', Readonly<Record<'new' | 'here', number>>>>;
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
  /** It is killed in every way at each call, and not in one by turns, which another call before it would shift. */
  readonly everyKill: boolean;
}

export const depths = {
  /** Within a quarter of an hour on two cores. */
  usual: {
    write: { plain: 2, new: 14, known: 400 },
    read: { plain: 60, new: 150, known: 1500 },
    met: { write: { new: 1, here: 4 }, read: { new: 3, here: 24 } },
    inFull: { plain: 2, others: 16 },
    special: { plain: 3, others: 14 },
    beginning: 8,
    pairs: 3,
    everyOther: false,
    everyKill: false,
  },
  /** A few times a year, by night. */
  deep: {
    write: { plain: 1, new: 1, known: 6 },
    read: { plain: 2, new: 3, known: 20 },
    met: { write: { new: 1, here: 1 }, read: { new: 1, here: 1 } },
    inFull: { plain: 1, others: 1 },
    special: { plain: 1, others: 1 },
    beginning: 4,
    pairs: 70,
    everyOther: true,
    everyKill: false,
  },
  /** All that may show a mistake, of the few cases that a mistake names. */
  planted: {
    write: { plain: 1, new: 1, known: 1 },
    read: { plain: 1, new: 1, known: 1 },
    met: { write: { new: 1, here: 1 }, read: { new: 1, here: 1 } },
    inFull: { plain: 1, others: 1 },
    special: { plain: 1, others: 1 },
    beginning: 1,
    pairs: 4,
    everyOther: true,
    everyKill: true,
  },
} as const satisfies Readonly<Record<string, Depth>>;

export type DepthName = keyof typeof depths;

export const USUAL: Depth = depths.usual;
