import { plain } from '../settings/plain.ts';
import type { RunReport } from './summary.ts';

/** Rises when a field changes its meaning or goes; new ones may come at any time. docs/report.md says what each is. */
const VERSION = 1;

/**
 * All that a run tells, for programs: JSON. Foreign text in it is on one line, and holds no control character.
 * @param reviewPage path of the same for reviewers, where there is one
 */
export function reportFile(report: RunReport, reviewPage?: string): string {
  const { headline, app, phases, result, whereabouts, nextSwaps, overview, sight, warnings, notes, failure } = report;
  const file = {
    version: VERSION,
    headline,
    app,
    ok: failure === undefined,
    ...result,
    phases: phases.map(({ phase, outcome, tookMs, steps, calls, checks, review, expected }) => {
      return { phase, outcome, seconds: Math.round(tookMs / 1000), steps, calls, expected, checks, review };
    }),
    slots: whereabouts,
    nextSwaps: nextSwaps ?? [],
    overview,
    reviewPage,
    copies: report.copies ?? [],
    visitors: sight,
    warnings,
    notes,
    failure,
  };
  return `${JSON.stringify(file, (_, value: unknown) => (typeof value === 'string' ? plain(value) : value), 2)}\n`;
}
