import { type Database, EMPTY_DATABASE } from './data/database.ts';

/** Where a content comes from, as the model says; `undefined` when it began empty. */
export type Origin = (contentId: string) => { readonly contentId: string; readonly at: number } | undefined;

export interface ContentStore {
  /** What a content holds: the last that was committed. A new one begins with what its origin held at its instant. */
  committed(contentId: string): Database;
  /** Puts what a content holds from an instant on. */
  commit(contentId: string, database: Database, at: number): void;
}

interface Version {
  readonly at: number;
  readonly database: Database;
}

/** Contents as the list of all that they ever held: that is how copies and restores get any instant of them. */
export function contentStore(originOf: Origin): ContentStore {
  const histories = new Map<string, Version[]>();

  const historyOf = (contentId: string): Version[] => {
    const known = histories.get(contentId);
    if (known !== undefined) return known;
    const origin = originOf(contentId);
    const first = origin === undefined ? EMPTY_DATABASE : asOf(origin.contentId, origin.at);
    const history = [{ at: Number.NEGATIVE_INFINITY, database: first }];
    histories.set(contentId, history);
    return history;
  };

  const asOf = (contentId: string, at: number): Database =>
    historyOf(contentId).findLast((one) => one.at <= at)?.database ?? EMPTY_DATABASE;

  return {
    committed: (contentId) => asOf(contentId, Number.POSITIVE_INFINITY),
    commit(contentId, database, at) {
      const history = historyOf(contentId);
      const last = history.at(-1);
      // Of what was committed in the same millisecond the last counts.
      if (last !== undefined && last.at === at) history.pop();
      history.push({ at, database });
    },
  };
}
