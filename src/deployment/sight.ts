/** Where visitors were on their way between two instances. */
export type Stretch = 'before' | 'through' | 'after';

/** Production asked once: every path that visitors are tried on, at the same moment. */
export interface Asked {
  /** When it was sent, by the runner's clock, and how long it took to the last answer; milliseconds. */
  readonly at: number;
  readonly ms: number;
  readonly stretch: Stretch;
  readonly requests: number;
  /** Requests that got no answer, or another one than a visitor should get. */
  readonly failed: number;
  /** What was wrong, as the end of a sentence about production; undefined when nothing was. */
  readonly wrong: string | undefined;
  /** The instances that answered, where App Service tells. */
  readonly by: readonly string[];
}

export interface Figures {
  readonly asked: number;
  readonly failed: number;
  /** The longest time without one healthy answer, from the first that was not; milliseconds. */
  readonly longestGapMs: number;
  readonly slowestMs: number;
}

/** What was seen of production while a run was at work. */
export interface Sight extends Figures {
  readonly stretches: readonly (Figures & { readonly stretch: Stretch })[];
  /** How many answers each instance gave, where App Service tells them apart. */
  readonly byInstance: Readonly<Record<string, number>>;
  /** Times without a healthy answer that have ended again: a restart looks so. */
  readonly outages: number;
  /** What was wrong in the end, several times in a row: one bad answer says nothing. */
  readonly unhealthy: string | undefined;
}

/** Bad answers one after another, a second apart: an instance that is down, and not one that had a bad moment. */
export const IN_A_ROW = 3;

const STRETCHES: readonly Stretch[] = ['before', 'through', 'after'];

/** @param asked in order. Undefined when nobody has asked. */
export function sightOf(asked: readonly Asked[]): Sight | undefined {
  const last = asked.at(-1);
  if (last === undefined) return undefined;
  const byInstance: Record<string, number> = {};
  for (const name of asked.flatMap(({ by }) => by)) byInstance[name] = (byInstance[name] ?? 0) + 1;
  return {
    ...figuresOf(asked),
    stretches: STRETCHES.map((stretch) => ({
      stretch,
      ...figuresOf(asked.filter((each) => each.stretch === stretch)),
    })).filter(({ asked: requests }) => requests > 0),
    byInstance,
    outages: gaps(asked).length - (last.wrong === undefined ? 0 : 1),
    unhealthy: asked.slice(-IN_A_ROW).every(({ wrong }) => wrong !== undefined) ? last.wrong : undefined,
  };
}

function figuresOf(asked: readonly Asked[]): Figures {
  return {
    asked: sum(asked.map(({ requests }) => requests)),
    failed: sum(asked.map(({ failed }) => failed)),
    longestGapMs: Math.max(0, ...gaps(asked)),
    slowestMs: Math.max(0, ...asked.map(({ ms }) => ms)),
  };
}

/** How long each time without a healthy answer was; the last one may not be over. */
function gaps(asked: readonly Asked[]): readonly number[] {
  const found: number[] = [];
  let since: number | undefined;
  for (const { at, ms, wrong } of asked) {
    if (wrong !== undefined) since ??= at;
    else if (since !== undefined) {
      found.push(at + ms - since);
      since = undefined;
    }
  }
  const last = asked.at(-1);
  return since === undefined || last === undefined ? found : [...found, last.at + last.ms - since];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
