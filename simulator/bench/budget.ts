import type { PhaseName } from '../../src/settings/phases.ts';
import { type Measures, ratio } from './report.ts';

/** The most seconds that a phase may take with one database. What is slower than today shows here; what is faster lowers them. */
const MOST: Readonly<Partial<Record<PhaseName, number>>> = {
  preflight: 1,
  clone: 100,
  'read-only': 82,
  switch: 127,
  deploy: 41,
  validate: 1,
  complete: 400,
  cleanup: 43,
};
/** More databases may make a phase so much longer: what concerns one of them runs beside what concerns the others. */
const MOST_FOR_MORE = 3;
/** In an original in which nobody is seen at work `complete` looks for a minute. */
const MOST_FOR_MORE_TO_COMPLETE = 65;
/** So many that Azure answers some reads 429, and names when to ask again. */
const MANY = 50;
const MOST_FOR_MANY = 25;
/** Over Azure's own operations. */
export const MOST_OF_WINDOW = 1.23;
/** The same where swaps and starts are so short that the waits which safety rules prescribe weigh twice as much. */
export const MOST_OF_SHORT_WINDOW = 1.5;
/** With so many databases. */
const MOST_OF_THROTTLED_WINDOW = 1.27;
/** Requests that lie one after the other in the window: so many seconds does a second more for each of them cost. */
export const MOST_IN_A_ROW = 53;
/** Over the script that proves nothing. */
const MOST_OF_SCRIPT = 1.04;
const MOST_OF_ROLLBACK = { code: 61, codeAndDatabase: 635, prepared: 120 } as const;

/** Whatever its size: it is never in memory. */
export const MOST_FOR_A_BUILD_MIB = 300;

/** Times a bundle with `@actions/core` alone. The time of the processor: the machine may be busy with something else. */
const MOST_OF_START = { cpu: 2, mib: 1.4, distMib: 4 };

/** Reads and polls of a whole deployment that one more database may add. */
const MOST_FOR_A_DATABASE = 82;

/** What has become too slow or too much, as sentences; empty when nothing has. */
export function overBudget(measures: Pick<Measures, 'deployments'> & Partial<Measures>): string[] {
  const { deployments, script, rollback, build, startUp } = measures;
  const least = Math.min(...deployments.map(({ databases }) => databases));
  return [
    ...deployments.flatMap(({ databases, phases }) =>
      phases.flatMap(({ phase, tookMs }) => {
        const most = (MOST[phase] ?? Number.POSITIVE_INFINITY) + (databases === least ? 0 : forMore(phase, databases));
        return over(`${phase} of ${databases}`, tookMs / 1000, most, 's');
      }),
    ),
    ...deployments.flatMap(({ databases, window }) => [
      ...(window
        ? over(`The window of ${databases} over Azure's own`, ratio(window) ?? 0, mostOfWindow(databases))
        : []),
      ...(window && script
        ? over(
            `The window of ${databases} over the script's`,
            window.tookMs / 1000 / script.windowSeconds,
            MOST_OF_SCRIPT,
          )
        : []),
    ]),
    ...growth(deployments),
    ...Object.entries(rollback ?? {}).flatMap(([way, took]) =>
      took ? over(`rollback by ${way}`, took.seconds, MOST_OF_ROLLBACK[way as keyof typeof MOST_OF_ROLLBACK], 's') : [],
    ),
    ...(build ? over('The memory for a build', build.peakMib, MOST_FOR_A_BUILD_MIB, 'MiB') : []),
    ...(startUp
      ? [
          ...over('The start of dist', startUp.dist.cpuMs / startUp.coreOnly.cpuMs, MOST_OF_START.cpu),
          ...over('The memory of dist', startUp.dist.mib / startUp.coreOnly.mib, MOST_OF_START.mib),
          ...over('dist', startUp.distMib, MOST_OF_START.distMib, 'MiB'),
        ]
      : []),
  ];
}

function forMore(phase: PhaseName, databases: number): number {
  if (phase === 'complete') return MOST_FOR_MORE_TO_COMPLETE;
  return databases < MANY ? MOST_FOR_MORE : MOST_FOR_MANY;
}

function mostOfWindow(databases: number): number {
  return databases < MANY ? MOST_OF_WINDOW : MOST_OF_THROTTLED_WINDOW;
}

function over(what: string, found: number, most: number, unit = 'times'): string[] {
  return found > most ? [`${what}: ${found.toFixed(2)} ${unit}, over ${most}.`] : [];
}

/** From the least to the most databases measured. */
function growth(deployments: Measures['deployments']): string[] {
  const sizes = deployments.toSorted((one, other) => one.databases - other.databases);
  const [least, most] = [sizes[0], sizes.at(-1)];
  if (!least || !most || least.databases === most.databases) return [];
  const each = (asked(most) - asked(least)) / (most.databases - least.databases);
  return over('One more database', Math.round(each), MOST_FOR_A_DATABASE, 'reads');
}

function asked({ phases }: Measures['deployments'][number]): number {
  return phases.reduce((sum, { traffic }) => sum + traffic.reads + traffic.polls, 0);
}
