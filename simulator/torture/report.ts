import { writeFileSync } from 'node:fs';
import type { DepthName } from './depth.ts';
import { type Kind, kindOf } from './kinds.ts';
import type { Outcome } from './outcome.ts';
import type { Part } from './part.ts';

/** What was to be played. */
export interface Sitting {
  readonly depth: DepthName;
  readonly turn: number;
  readonly stride: number;
  readonly scenarios: readonly string[];
  readonly only: string;
  readonly part: Part;
  /** Somebody did not wait for the end. */
  readonly isStopped: boolean;
}

/** What `torture-report.json` holds. */
export interface Report {
  /** Journeys have none. Several: the parts that were added up. */
  readonly sittings: readonly Sitting[];
  readonly cases: number;
  readonly seconds: number;
  readonly violations: readonly {
    readonly case: string;
    readonly invariant: string;
    readonly what: string;
    readonly at: string;
    readonly call: string;
    readonly replay: string;
  }[];
  readonly byKind: Readonly<Record<string, Count>>;
  readonly byPhase: Readonly<Record<string, Count>>;
  readonly byFault: Readonly<Record<string, Count>>;
}

export interface Count {
  cases: number;
  green: number;
  violated: number;
}

export function reportOf(outcomes: readonly Outcome[], seconds: number, sitting?: Sitting): Report {
  return {
    sittings: sitting === undefined ? [] : [sitting],
    cases: outcomes.length,
    seconds: Math.round(seconds),
    violations: outcomes.flatMap(({ id, violations }) =>
      violations.map(({ invariant, what, at, call }) => ({
        case: id,
        invariant,
        what,
        at,
        call,
        replay: replayOf(id),
      })),
    ),
    byKind: countsBy(outcomes, ({ fault, phase }) => (phase === 'journey' ? 'journey' : KINDS[kindOf(fault).kind])),
    byPhase: countsBy(outcomes, ({ phase }) => phase),
    byFault: countsBy(outcomes, ({ fault }) => fault),
  };
}

const KINDS: Readonly<Record<Kind['kind'], string>> = {
  fault: 'one call goes wrong',
  'two-faults': 'two calls of one run',
  'everything-late': 'every answer is late',
  'killed-then': 'killed, then another phase',
  'days-later': 'days later',
  'second-run': 'a second run beside it',
  'second-run-unlocked': 'a second run, no lock',
  'second-deployment': 'another deployment',
  operator: 'somebody else',
  'out-of-turn': 'out of its turn',
};

/** One line for the shell that plays exactly this case. */
function replayOf(id: string): string {
  const seed = /^random#(-?\d+)\//.exec(id)?.[1];
  return seed === undefined ? `npm run torture -- --replay '${id}'` : `npm run torture -- --seed ${seed}`;
}

export function writeReport(report: Report, file: string): void {
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** For people: two tables, then the violations, equal ones together. */
export function reportText(report: Report): string {
  const { cases, violations, seconds, sittings } = report;
  return [
    table('kind', report.byKind),
    table('phase', report.byPhase),
    table('fault', plainOnly(report.byFault)),
    ...violationLines(violations),
    ...(sittings.some(({ isStopped }) => isStopped) ? ['It was stopped before its end.'] : []),
    `${cases} cases in ${seconds} s: ${violations.length === 0 ? 'no invariant was violated.' : `${violations.length} violations.`}`,
  ].join('\n\n');
}

function countsBy(outcomes: readonly Outcome[], keyOf: (outcome: Outcome) => string): Record<string, Count> {
  const counts: Record<string, Count> = {};
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    counts[key] ??= { cases: 0, green: 0, violated: 0 };
    const count = counts[key];
    count.cases++;
    if (outcome.end === 'green') count.green++;
    if (outcome.violations.length > 0) count.violated++;
  }
  return counts;
}

/** Those of two faults, or of a phase after a kill, are too many names to read; the file has them. */
function plainOnly(counts: Readonly<Record<string, Count>>): Readonly<Record<string, Count>> {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !/[+]|-then-/.test(name)));
}

function table(title: string, counts: Readonly<Record<string, Count>>): string {
  const row = (name: string, ...cells: readonly (string | number)[]) =>
    `${name.padEnd(28)}${cells.map((cell) => String(cell).padStart(10)).join('')}`;
  return [
    row(title, 'cases', 'green', 'violated'),
    ...Object.entries(counts)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { cases, green, violated }]) => row(name, cases, green, violated)),
  ].join('\n');
}

/** So many replays are shown of one kind of violation. */
const SHOWN = 3;

function violationLines(violations: Report['violations']): string[] {
  const groups = new Map<string, Report['violations'][number][]>();
  for (const violation of violations) {
    const key = `${violation.invariant}: ${violation.what.replaceAll(/\d{2,}/g, 'N')}`;
    groups.set(key, [...(groups.get(key) ?? []), violation]);
  }
  return [...groups.values()]
    .sort((one, other) => other.length - one.length)
    .map((group) => {
      const [first] = group;
      const replays = group
        .slice(0, SHOWN)
        .map(({ replay, call, at }) => `    ${replay}\n        at ${call}; seen ${at}`);
      const more = group.length > SHOWN ? [`    … and ${group.length - SHOWN} more`] : [];
      return [`${first?.invariant}: ${first?.what}`, ...replays, ...more].join('\n');
    });
}
