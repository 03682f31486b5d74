import type { Figures, Sight, Stretch } from '../deployment/sight.ts';
import { code, paragraphs, table } from './markdown.ts';
import type { RunResult } from './outputs.ts';

const WORDS: Readonly<Record<Stretch, string>> = {
  before: 'before visitors were moved',
  through: 'while they were moved',
  after: 'after they were moved',
};

/** How visitors were answered while the run was at work, as Markdown. */
export function sightSection(sight: Sight): string {
  const { stretches, byInstance, outages } = sight;
  const rows = stretches.map((figures) => row(stretches.length > 1 ? WORDS[figures.stretch] : '', figures));
  const instances = Object.entries(byInstance).map(([name, answers]) => `${code(name)} ${answers}`);
  return paragraphs(
    '### How visitors were answered',
    table(
      ['', 'Asked', 'Failed', 'Longest time without a good answer', 'Slowest'],
      [...rows, ...(stretches.length > 1 ? [row('altogether', sight)] : [])],
    ),
    outages > 0 &&
      `Good answers stopped and came again ${outages === 1 ? 'once' : `${outages} times`}: a restart looks so.`,
    instances.length > 1 && `Answers by instance: ${instances.join(', ')}.`,
  );
}

function row(what: string, { asked, failed, longestGapMs, slowestMs }: Figures): string[] {
  return [what, String(asked), failed > 0 ? `**${failed}**` : '0', milliseconds(longestGapMs), milliseconds(slowestMs)];
}

/** The headline, with what is worse than all that it says. */
export function headlineWithSight(headline: string, sight: Sight | undefined): string {
  if (sight?.unhealthy === undefined) return headline;
  return `🔴 Production is NOT healthy (${sight.unhealthy}), so visitors are affected. ${headline.replace(/^\p{So}\uFE0F? */u, '')}`;
}

/** What people should know though the phase kept its promise: it does not ask production for leave. */
export function warningsOfSight(sight: Sight | undefined): string[] {
  if (sight?.unhealthy !== undefined) return [`Production is not healthy: ${sight.unhealthy}.`];
  if (sight === undefined || sight.failed === 0) return [];
  const { failed, asked, longestGapMs } = sight;
  return [
    `${failed} of ${asked} requests to production failed while this run was at work; the longest time without a good answer was ${milliseconds(longestGapMs)}.`,
  ];
}

export function figuresOfSight(sight: Sight | undefined): Pick<RunResult, 'failedProbes' | 'longestGapMs'> {
  return sight === undefined ? {} : { failedProbes: sight.failed, longestGapMs: sight.longestGapMs };
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`;
}
