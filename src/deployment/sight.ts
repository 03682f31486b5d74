/** Where visitors were on their way between two instances. */
export type Stretch = 'before' | 'through' | 'after';

/** One question to production of an app, as a visitor asks it. */
export interface Asked {
  readonly host: string;
  readonly path: string;
  /** When it was sent, by the runner's clock, and how long the answer took; milliseconds. */
  readonly at: number;
  readonly ms: number;
  readonly stretch: Stretch;
  /** What was wrong, as the end of a sentence about production: no answer, or another one than a visitor should get. */
  readonly wrong: string | undefined;
  /** The instance that answered, where App Service tells. */
  readonly by: string | undefined;
}

export interface Figures {
  readonly asked: number;
  readonly failed: number;
  /** The longest time in which not every path was answered well, from the first question that was not; milliseconds. */
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

/** Undefined when nobody has asked. */
export function sightOf(answers: readonly Asked[]): Sight | undefined {
  const asked = inOrder(answers);
  if (asked.length === 0) return undefined;
  const byInstance: Record<string, number> = {};
  for (const name of asked.flatMap(({ by }) => by ?? [])) byInstance[name] = (byInstance[name] ?? 0) + 1;
  const last = byPath(asked).map((each) => each.slice(-IN_A_ROW));
  return {
    ...figuresOf(asked),
    stretches: STRETCHES.map((stretch) => ({
      stretch,
      ...figuresOf(asked.filter((each) => each.stretch === stretch)),
    })).filter(({ asked: requests }) => requests > 0),
    byInstance,
    outages: gapsIn(asked).filter(({ isOver }) => isOver).length,
    unhealthy: last.find((each) => each.every(({ wrong }) => wrong !== undefined))?.at(-1)?.wrong,
  };
}

/** As they were asked: who hangs is given up when others have long been answered. */
export function inOrder(answers: readonly Asked[]): readonly Asked[] {
  return answers.toSorted((one, other) => one.at - other.at);
}

/** The answers of each path of each app, by themselves. */
export function byPath(asked: readonly Asked[]): readonly (readonly Asked[])[] {
  return [...Map.groupBy(asked, ({ host, path }) => `${host}${path}`).values()];
}

function figuresOf(asked: readonly Asked[]): Figures {
  return {
    asked: asked.length,
    failed: asked.filter(({ wrong }) => wrong !== undefined).length,
    longestGapMs: Math.max(0, ...gapsIn(asked).map(({ from, to }) => to - from)),
    slowestMs: asked.reduce((slowest, { ms }) => Math.max(slowest, ms), 0),
  };
}

/**
 * The times in which not every path was answered well: from the first question that was not until the last path is well again. The last
 * one may not be over. @param asked in order
 */
export function gapsIn(asked: readonly Asked[]): readonly { from: number; to: number; isOver: boolean }[] {
  const found: { from: number; to: number; isOver: boolean }[] = [];
  const ill = new Set<string>();
  for (const { host, path, at, ms, wrong } of asked) {
    const gap = found.at(-1);
    const isOpen = gap !== undefined && !gap.isOver;
    if (wrong !== undefined) {
      ill.add(`${host}${path}`);
      if (isOpen) gap.to = Math.max(gap.to, at + ms);
      else found.push({ from: at, to: at + ms, isOver: false });
    } else if (ill.delete(`${host}${path}`) && ill.size === 0 && isOpen) {
      gap.to = at + ms;
      gap.isOver = true;
    }
  }
  return found;
}
