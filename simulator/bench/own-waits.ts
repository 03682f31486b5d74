import { lengthOf } from './critical-path.ts';

/** What the action begins at an instant, in the words of its own plan. */
export interface Mark {
  readonly at: number;
  readonly what: string;
  /** What it is for. */
  readonly why: string;
}

/** Seconds that are ours: nothing of Azure's critical path went on in them. */
export interface OwnWait {
  readonly what: string;
  readonly seconds: number;
  readonly for: string;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Shorter ones are left out of the list, and of nothing else. */
const SHORTEST_MS = 50;

/** Everything between two instants that Azure's critical path does not explain, by what the action was doing; in order. */
export function ownWaits(marks: readonly Mark[], azure: readonly Span[], span: Span): readonly OwnWait[] {
  const all = new Map<string, { readonly why: string; ms: number }>();
  for (const [index, mark] of marks.entries()) {
    const from = Math.max(span.from, mark.at);
    const to = Math.min(span.to, marks[index + 1]?.at ?? span.to);
    if (to <= from) continue;
    const ms = to - from - covered(azure, { from, to });
    const known = all.get(mark.what);
    if (known === undefined) all.set(mark.what, { why: mark.why, ms });
    else known.ms += ms;
  }
  return [...all]
    .filter(([, { ms }]) => ms >= SHORTEST_MS)
    .map(([what, { why, ms }]) => ({ what, seconds: Math.round(ms / 10) / 100, for: why }));
}

/** How much of a span at least one of these covers. */
function covered(spans: readonly Span[], { from, to }: Span): number {
  const inside = spans
    .map((each) => ({ from: Math.max(each.from, from), to: Math.min(each.to, to) }))
    .filter((each) => lengthOf(each) > 0)
    .sort((one, other) => one.from - other.from);
  let until = from;
  let sum = 0;
  for (const each of inside) {
    sum += Math.max(0, each.to - Math.max(each.from, until));
    until = Math.max(until, each.to);
  }
  return sum;
}
