import { isPartial, wholeOf } from './deployment/partial-look.ts';
import type { Sight } from './deployment/sight.ts';
import { waysIn } from './inputs/advice.ts';
import type { Looks, PhaseRun } from './run-phase.ts';
import { type PhaseName, traitsOf } from './settings/phases.ts';
import type { Settings } from './settings/settings.ts';
import { dutyOf } from './summary/duty.ts';
import { expectedSentence } from './summary/expected.ts';
import { failureOf } from './summary/failure.ts';
import { headlineOf, NOT_LOOKED_AT } from './summary/headline.ts';
import { linksOf } from './summary/links.ts';
import { nextSwaps } from './summary/next-swap.ts';
import { notesOf } from './summary/notes.ts';
import { nothingElseWarnings } from './summary/nothing-else.ts';
import { overviewOf } from './summary/overview.ts';
import { headlineOfPartial, reportOfPartial } from './summary/partial.ts';
import { resultOf } from './summary/run-result.ts';
import { figuresOfSight, headlineWithSight, warningsOfSight } from './summary/sight.ts';
import type { RunReport } from './summary/summary.ts';
import { timeline } from './summary/timeline.ts';
import { warningsOf } from './summary/warnings.ts';
import { whereabouts } from './summary/whereabouts.ts';

/** What people and workflows are told of a run: of its phases, and of how things stand at its end. */
export function reportOf(
  settings: Settings,
  runs: readonly { run: PhaseRun; tookMs: number }[],
  sight: Sight | undefined,
): RunReport {
  const phases = runs.map(({ run: { phase, outcome, steps, calls, checks, review, looks: own }, tookMs }) => {
    const seen = own && wholeOf(own.last);
    const expected = outcome === 'planned' ? expectedSentence(phase.name, settings, seen) : undefined;
    return { phase: phase.name, outcome, tookMs, steps, calls, checks, review, expected };
  });
  const looks = runs.findLast(({ run }) => run.looks !== undefined)?.run.looks;
  const failed = runs.map(({ run }) => run).find((run) => run.outcome === 'failed');
  const changed = runs.some(({ run }) => run.changed);
  const { result, warnings, ...seen } = seenIn(settings, phases, looks, changed);
  const failure = failed && failureOf(failed.error);
  const last = looks && wholeOf(looks.last);
  const isOverview = phases.some(({ phase }) => traitsOf[phase].overview);
  return {
    headline: headlineWithSight(headlineNow(looks, isOverview), sight),
    app: settings.appName,
    phases,
    ...seen,
    result: result && { ...result, ...figuresOfSight(sight), phaseSeconds: phaseSeconds(phases) },
    warnings: [...warningsOfSight(sight), ...warnings],
    failure,
    ways: failed && failure ? actsIn(failure.next, failed.phase.name) : [],
    copies: last?.thisRun.proofs,
    nextSwaps: last && nextSwaps(last),
    timeline: last && timeline(last),
    overview: isOverview ? overviewIn(looks) : undefined,
    links: linksOf(settings.github, last),
    sight,
  };
}

/** How long each phase took, in seconds. */
function phaseSeconds(phases: RunReport['phases']): Readonly<Record<string, number>> {
  return Object.fromEntries(phases.map(({ phase, tookMs }) => [phase, Math.round(tookMs / 1000)]));
}

/** The runs that the advice asks for; of what else it asks a person, it tells itself. */
function actsIn(advice: string, phase: PhaseName): RunReport['ways'] {
  const ways = waysIn(advice, { phase, inputs: {} }).map((way) => ('acts' in way ? way.acts : way.after));
  return ways.filter((acts) => acts.length > 0);
}

function seenIn(
  settings: Settings,
  phases: RunReport['phases'],
  looks: Looks | undefined,
  changed: boolean,
): Pick<RunReport, 'result' | 'whereabouts' | 'notes' | 'warnings'> {
  if (!looks) return { result: undefined, whereabouts: [], notes: [], warnings: warningsOf(settings, undefined) };
  const { first, last } = looks;
  if (isPartial(last)) return reportOfPartial(last, phases.at(-1)?.checks ?? []);
  const names = phases.map(({ phase }) => phase);
  return {
    result: resultOf(last, changed),
    whereabouts: whereabouts(last),
    notes: notesOf(settings, names, last, wholeOf(first)),
    warnings: [...warningsOf(settings, last, wholeOf(first)), ...nothingElseWarnings(names, last, wholeOf(first))],
  };
}

function overviewIn(looks: Looks | undefined): RunReport['overview'] {
  if (!looks) return undefined;
  const databases = isPartial(looks.last) ? looks.last.databasePart : looks.last;
  return databases && overviewOf({ ...databases, now: looks.last.now });
}

/** Who serves visitors, in one sentence; in an overview with whether somebody must act. */
export function headlineNow(looks: Looks | undefined, isOverview: boolean): string {
  if (!looks) return NOT_LOOKED_AT;
  const { last, isStale } = looks;
  const whole = wholeOf(last);
  const duty = isOverview && whole ? ` ${dutyOf(whole)}` : '';
  const headline = `${isPartial(last) ? headlineOfPartial(last) : headlineOf(last)}${duty}`;
  return isStale ? `${headline} That was seen before the step that failed; run "status" to look again.` : headline;
}
