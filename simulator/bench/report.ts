import { writeFileSync } from 'node:fs';
import type { DeploymentMeasure, PhaseMeasure, Span } from './deployment.ts';
import type { StartUp } from './start-up.ts';
import { READS_AT_MOST } from './throttling.ts';

/** What `bench-report.json` holds. */
export interface Report {
  readonly deployments: readonly DeploymentMeasure[];
  /** One database, up to the rollback of a deployment's databases. */
  readonly rollback: PhaseMeasure | undefined;
  readonly startUp: StartUp | undefined;
}

export function writeReport(report: Report, file: string): void {
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** For people: a table for each number of databases, then the window, then the start of the bundle. */
export function reportText({ deployments, rollback, startUp }: Report): string {
  return [
    ...deployments.map((measure) => deploymentText(measure)),
    ...(rollback ? [`rollback of code and database\n${table([rollback])}`] : []),
    ...(startUp ? [startUpText(startUp)] : []),
  ].join('\n\n');
}

/** How many times as long as it must. */
export function ratio({ tookMs, boundMs }: Span): number {
  return boundMs === 0 ? 1 : tookMs / boundMs;
}

function deploymentText({ databases, phases, window, lowestReads }: DeploymentMeasure): string {
  return [
    `${databases} database${databases === 1 ? '' : 's'}`,
    table(phases),
    ...(window
      ? [`read-only window ${seconds(window.tookMs)} s, at least ${seconds(window.boundMs)} s: ${times(window)}`]
      : []),
    `reads left of Azure's allowance of ${READS_AT_MOST}: ${lowestReads}`,
  ].join('\n');
}

const COLUMNS = ['took s', 'least s', 'ratio', 'azure s', 'reads', 'polls', 'writes', 'scm', 'probes', 'sql', 'logins'];

function table(phases: readonly PhaseMeasure[]): string {
  const rows = phases.map((measure) => {
    const { reads, polls, writes, scm, probes, statements, connections } = measure.traffic;
    const spans = [seconds(measure.tookMs), seconds(measure.boundMs), times(measure), seconds(measure.azureMs)];
    return row(measure.phase, [...spans, reads, polls, writes, scm, probes, statements, connections]);
  });
  return [row('phase', COLUMNS), ...rows].join('\n');
}

function row(name: string, cells: readonly (string | number)[]): string {
  return `${name.padEnd(10)}${cells.map((cell) => String(cell).padStart(9)).join('')}`;
}

function startUpText({ node, dist }: StartUp): string {
  return [
    `dist starts in ${Math.round(dist.ms)} ms, node alone in ${Math.round(node.ms)} ms: ${(dist.ms / node.ms).toFixed(2)}`,
    `dist takes ${Math.round(dist.mib)} MiB at its peak, node alone ${Math.round(node.mib)} MiB: ${(dist.mib / node.mib).toFixed(2)}`,
  ].join('\n');
}

function times(span: Span): string {
  return ratio(span).toFixed(2);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
