import type { PhaseName } from '../../src/settings/phases.ts';
import { type Report, ratio } from './report.ts';

/** How many times as long as it must a phase may take. What is slower than today shows here; what is faster may lower them. */
const MOST: Readonly<Partial<Record<PhaseName, number>>> = {
  clone: 1.12,
  'read-only': 1.13,
  switch: 1.18,
  deploy: 1.17,
  validate: 1.25,
  complete: 1.08,
  cleanup: 1.22,
  rollback: 1.1,
};
export const MOST_OF_WINDOW = 1.17;

/** Times what Node alone takes. The time depends on what else the machine does, the memory does not. */
const MOST_OF_START = { ms: 15, mib: 2.2 };

/** Reads and polls of a whole deployment that one more database may add. */
const MOST_FOR_A_DATABASE = 90;

/** What has become too slow or too much, as sentences; empty when nothing has. */
export function overBudget({ deployments, rollback, startUp }: Report): string[] {
  const phases = deployments.flatMap(({ databases, phases }) => phases.map((each) => ({ ...each, databases })));
  const slow = [...phases, ...(rollback ? [{ ...rollback, databases: 1 }] : [])]
    .map((each) => ({ ...each, found: ratio(each), most: MOST[each.phase] ?? Number.POSITIVE_INFINITY }))
    .filter(({ found, most }) => found > most);
  return [
    ...slow.map(
      ({ phase, databases, found, most }) =>
        `${phase} of ${databases} takes ${rounded(found)} times its least, over ${most}.`,
    ),
    ...deployments.flatMap(({ databases, window }) =>
      window && ratio(window) > MOST_OF_WINDOW
        ? [`The window of ${databases} takes ${rounded(ratio(window))} times its least, over ${MOST_OF_WINDOW}.`]
        : [],
    ),
    ...growth(deployments),
    ...(startUp && startUp.dist.ms / startUp.node.ms > MOST_OF_START.ms ? ['dist starts too slowly.'] : []),
    ...(startUp && startUp.dist.mib / startUp.node.mib > MOST_OF_START.mib ? ['dist takes too much memory.'] : []),
  ];
}

/** From the least to the most databases measured. */
function growth(deployments: Report['deployments']): string[] {
  const sizes = deployments.toSorted((one, other) => one.databases - other.databases);
  const [least, most] = [sizes[0], sizes.at(-1)];
  if (!least || !most || least.databases === most.databases) return [];
  const each = (asked(most) - asked(least)) / (most.databases - least.databases);
  return each > MOST_FOR_A_DATABASE
    ? [`One more database adds ${Math.round(each)} reads, over ${MOST_FOR_A_DATABASE}.`]
    : [];
}

function asked({ phases }: Report['deployments'][number]): number {
  return phases.reduce((sum, { traffic }) => sum + traffic.reads + traffic.polls, 0);
}

function rounded(number: number): string {
  return number.toFixed(2);
}
