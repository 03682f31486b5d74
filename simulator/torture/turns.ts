/** Counts what has been met, so that of equal things some are taken, and others another time. */
export interface Turns {
  /** Whether it is met for the first time. */
  isFirst(what: string): boolean;
  /** Of so many of a kind one, another one each turn; the first of all is always taken, or a rare one would be missed for ever. */
  isTurn(kind: string, stride: number): boolean;
}

/** @param turn moves on which ones are taken */
export function turnsFrom(turn: number): Turns {
  const known = new Set<string>();
  const met = new Map<string, number>();
  return {
    isFirst(what) {
      const before = known.size;
      return known.add(what).size > before;
    },
    isTurn(kind, stride) {
      const before = met.get(kind) ?? 0;
      met.set(kind, before + 1);
      return before === 0 || (before + turn) % stride === 0;
    },
  };
}
