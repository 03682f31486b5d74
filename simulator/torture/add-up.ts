import { readFileSync } from 'node:fs';
import type { Count, Report, Sitting } from './report.ts';

export function readReport(file: string): Report {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * What several sittings have found together.
 * @throws Error when they are not parts of one list, or a part is there twice: the sums would be of nothing
 */
export function addedUp(reports: readonly Report[]): Report {
  const sittings = reports.flatMap((report) => report.sittings);
  const lists = new Set(sittings.map(listOf));
  if (lists.size > 1) throw new Error(`These are not parts of one list of cases: ${[...lists].join(' and ')}.`);
  const parts = sittings.map(({ part }) => `${part.index}/${part.of}`);
  const twice = parts.find((part, index) => parts.indexOf(part) !== index);
  if (twice !== undefined) throw new Error(`Part ${twice} is there twice.`);
  return {
    sittings,
    cases: sum(reports.map(({ cases }) => cases)),
    seconds: sum(reports.map(({ seconds }) => seconds)),
    violations: reports.flatMap(({ violations }) => violations),
    byKind: countsOf(reports.map(({ byKind }) => byKind)),
    byPhase: countsOf(reports.map(({ byPhase }) => byPhase)),
    byFault: countsOf(reports.map(({ byFault }) => byFault)),
  };
}

function listOf({ part, isStopped: _, ...order }: Sitting): string {
  return JSON.stringify({ ...order, of: part.of });
}

type Counts = Readonly<Record<string, Count>>;

function countsOf(all: readonly Counts[]): Counts {
  const names = new Set(all.flatMap(Object.keys));
  return Object.fromEntries([...names].map((name) => [name, countOf(all.flatMap((counts) => counts[name] ?? []))]));
}

function countOf(counts: readonly Count[]): Count {
  return {
    cases: sum(counts.map(({ cases }) => cases)),
    green: sum(counts.map(({ green }) => green)),
    violated: sum(counts.map(({ violated }) => violated)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
