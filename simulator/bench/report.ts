import { writeFileSync } from 'node:fs';
import type { BigBuild } from './big-build.ts';
import type { DeploymentMeasure, PhaseMeasure, Span, WindowMeasure } from './deployment.ts';
import type { ScriptMeasure } from './script.ts';
import type { StartUp } from './start-up.ts';
import { READS_AT_MOST } from './throttling.ts';

/** All that was measured. */
export interface Measures {
  /** In the order of their databases; the first one is what the window is told of. */
  readonly deployments: readonly DeploymentMeasure[];
  readonly script: ScriptMeasure;
  /** One database, from the decision until production serves the live build again on its database. Null: there is no such way. */
  readonly rollback: Readonly<Record<'code' | 'codeAndDatabase' | 'prepared', { readonly seconds: number } | null>>;
  readonly windows: readonly WindowAt[];
  readonly build: BigBuild;
  readonly startUp: StartUp | undefined;
}

/** The window where Azure, or the way to it, is slower or faster. */
export interface WindowAt {
  readonly what: string;
  readonly window: WindowMeasure;
}

/** `bench-report.json`: seconds, MiB, and ratios to `azureSeconds` (start-up: to a bundle with `@actions/core` alone). */
export function writeReport({ deployments, script, rollback, build, startUp }: Measures, file: string): void {
  const phases = deployments.flatMap(({ databases, phases }) =>
    phases.map((each) => ({
      name: each.phase,
      databases,
      ...spanOf(each),
      stateCalls: each.traffic.reads,
      polls: each.traffic.polls,
    })),
  );
  const window = deployments[0]?.window;
  const report = {
    phases,
    window: window && { ...spanOf(window), own: window.own },
    script,
    rollback,
    build,
    startup: startUp && {
      ratio: rounded(startUp.dist.ms / startUp.coreOnly.ms),
      cpuRatio: rounded(startUp.dist.cpuMs / startUp.coreOnly.cpuMs),
      distMs: Math.round(startUp.dist.ms),
      coreOnlyMs: Math.round(startUp.coreOnly.ms),
      bareNodeMs: Math.round(startUp.node.ms),
      rssMb: rounded(startUp.dist.mib),
      distMb: rounded(startUp.distMib),
    },
  };
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

function spanOf(span: Span): { seconds: number; azureSeconds: number; ratio: number | null } {
  return { seconds: span.tookMs / 1000, azureSeconds: span.azureMs / 1000, ratio: ratio(span) ?? null };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** How many times as long as Azure alone; undefined where Azure has nothing to do. */
export function ratio({ tookMs, azureMs }: Span): number | undefined {
  return azureMs === 0 ? undefined : tookMs / azureMs;
}

/** For people: a table for each number of databases, the window second by second, the script, the ways back, the start. */
export function reportText({ deployments, script, rollback, windows, build, startUp }: Measures): string {
  const window = deployments[0]?.window;
  return [
    ...deployments.map((measure) => deploymentText(measure)),
    ...(window ? [windowText(window)] : []),
    windows.map(({ what, window }) => `window with ${what}: ${spanText(window)}`).join('\n'),
    `bench/az-script.sh by the same durations: window ${script.windowSeconds.toFixed(1)} s, all ${script.seconds.toFixed(1)} s, ${script.stateCalls} looks`,
    Object.entries(rollback)
      .map(([way, took]) => `back by ${way}: ${took ? `${took.seconds.toFixed(1)} s` : 'no such way'}`)
      .join('\n'),
    `a build of ${build.mib} MiB with ${build.files} files, to both slots at once: ${build.peakMib} MiB of memory at its peak, ${build.seconds} s`,
    ...(startUp ? [startUpText(startUp)] : []),
  ].join('\n\n');
}

function deploymentText({ databases, phases, window, lowestReads }: DeploymentMeasure): string {
  return [
    `${databases} database${databases === 1 ? '' : 's'}`,
    table(phases),
    ...(window ? [`read-only window ${spanText(window)}`] : []),
    lowestReads < 0
      ? "over Azure's allowance of reads: some were answered 429"
      : `reads left of Azure's allowance of ${READS_AT_MOST}: ${lowestReads}`,
  ].join('\n');
}

function windowText({ own }: WindowMeasure): string {
  const lines = own.map((each) => `${each.seconds.toFixed(2).padStart(8)} s  ${each.what}: ${each.for}`);
  return ['ours in the window', ...lines].join('\n');
}

const COLUMNS = ['took s', 'azure s', 'ratio', 'reads', 'polls', 'writes', 'scm', 'probes', 'sql', 'logins'];

function table(phases: readonly PhaseMeasure[]): string {
  const rows = phases.map((measure) => {
    const { reads, polls, writes, scm, probes, statements, connections } = measure.traffic;
    const spans = [seconds(measure.tookMs), seconds(measure.azureMs), times(measure)];
    return row(measure.phase, [...spans, reads, polls, writes, scm, probes, statements, connections]);
  });
  return [row('phase', COLUMNS), ...rows].join('\n');
}

function row(name: string, cells: readonly (string | number)[]): string {
  return `${name.padEnd(10)}${cells.map((cell) => String(cell).padStart(9)).join('')}`;
}

function startUpText({ node, coreOnly, dist, distMib }: StartUp): string {
  return [
    `dist (${distMib.toFixed(2)} MiB) starts in ${Math.round(dist.ms)} ms, @actions/core alone in ${Math.round(coreOnly.ms)} ms: ${(dist.ms / coreOnly.ms).toFixed(2)}, by the processor ${(dist.cpuMs / coreOnly.cpuMs).toFixed(2)}`,
    `node alone in ${Math.round(node.ms)} ms; at their peak ${Math.round(dist.mib)}, ${Math.round(coreOnly.mib)} and ${Math.round(node.mib)} MiB`,
  ].join('\n');
}

function spanText(span: Span): string {
  return `${seconds(span.tookMs)} s, Azure alone ${seconds(span.azureMs)} s: ${times(span)}`;
}

function times(span: Span): string {
  return ratio(span)?.toFixed(2) ?? '';
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
