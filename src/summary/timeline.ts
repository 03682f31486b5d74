import type { Observed } from '../deployment/observed.ts';
import { seconds } from '../wait.ts';
import { timeOf } from './ago.ts';
import { codeBlock } from './markdown.ts';

/** A stretch of the deployment, in milliseconds since the epoch; undefined ends are now. */
interface Stretch {
  readonly what: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const COLUMNS = 40;

/** The deployment so far, drawn with characters: a bar for each stretch, all on one scale. Undefined before anything began. */
export function timeline(observed: Observed): string | undefined {
  const { record, now } = observed;
  const begun = record?.requestedAt;
  if (begun === undefined) return undefined;
  const stretches = stretchesOf(observed).filter(({ from }) => from !== undefined);
  const [first, last] = [Date.parse(begun), Date.parse(now)];
  const lines = stretches.map(({ what, from = begun, to }) => {
    const end = to ?? now;
    const took = seconds(Math.max(0, Date.parse(end) - Date.parse(from)));
    const bar = barOf((Date.parse(from) - first) / (last - first), (Date.parse(end) - first) / (last - first));
    return `${timeOf(from, now).padEnd(16)} ${what.padEnd(24)} ${bar}  ${took}${to === undefined ? ', goes on' : ''}`;
  });
  return codeBlock([...lines, ...pointsOf(observed)]);
}

function stretchesOf({ record, databases }: Observed): readonly Stretch[] {
  const copied = databases.map(({ cloneTags }) => cloneTags?.completedAt);
  const complete = copied.every((at) => at !== undefined) ? [...copied].sort().at(-1) : undefined;
  const { requestedAt, readOnlyReady, windowOpenedAt, windowClosedAt, completedAt } = record ?? {};
  const opened = windowOpenedAt ?? windowClosedAt ?? completedAt;
  return [
    { what: 'copying the databases', from: requestedAt, to: complete ?? opened },
    { what: 'preparing the copy', from: complete, to: readOnlyReady?.at ?? opened },
    { what: 'waiting for the switch', from: readOnlyReady?.at, to: opened },
    { what: 'visitors on the copy', from: windowOpenedAt, to: windowClosedAt ?? completedAt },
    { what: 'watching after the move', from: windowClosedAt, to: completedAt },
    { what: 'waiting for cleanup', from: completedAt, to: undefined },
  ];
}

/** Instants that have no length. */
function pointsOf({ record, now }: Observed): readonly string[] {
  const { rollbackPoint, attempt = 0, verdict } = record ?? {};
  return [
    ...(rollbackPoint ? [`${timeOf(rollbackPoint, now).padEnd(16)} rollback point ${rollbackPoint}`] : []),
    ...(attempt > 0 ? [`attempt ${attempt}${verdict ? `: validation ${verdict.result}, ${verdict.by}` : ''}`] : []),
  ];
}

/** @param from and to: shares of the whole */
function barOf(from: number, to: number): string {
  const [start, end] = [from, to].map((share) => Math.min(COLUMNS, Math.max(0, Math.round(share * COLUMNS))));
  const [before, length] = [Math.min(start ?? 0, COLUMNS - 1), Math.max(1, (end ?? 0) - (start ?? 0))];
  return `${'·'.repeat(before)}${'█'.repeat(length)}${'·'.repeat(Math.max(0, COLUMNS - before - length))}`;
}
