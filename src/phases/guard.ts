import type { Check } from '../deployment/check.ts';
import type { Observed } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import { asksAgain, judgeAgain } from '../preflight/checks.ts';
import type { ChangingPhase } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/**
 * What a phase must not change anything with: it does the same checks as preflight, right before it matters, and refuses when one fails.
 * What the look shows is judged at once, what has to be asked for is a step of its own.
 */
export function checkAgain(phase: ChangingPhase, settings: Settings, observed: Observed): readonly Step[] {
  if (isDone(observed, 'check-again')) {
    const report = observed.thisRun.report ?? [];
    refuseFailed(phase, report);
    stopOnUnanswered(phase, report);
    return [];
  }
  refuseFailed(phase, judgeAgain(phase, settings, observed));
  if (!asksAgain(phase)) return [];
  return [{ kind: 'check-again', phase, because: 'much may have changed since "preflight", and nothing is lost yet' }];
}

/** Refuses when one of the checks failed. */
export function refuseFailed(phase: string, checks: readonly Check[]): void {
  const wrong = checks.filter(({ verdict }) => verdict === 'failed');
  if (wrong.length === 0) return;
  throw new Stop(
    'refused',
    `Phase ${phase} cannot continue: ${wrong.map(({ found }) => found).join(' ')}`,
    wrong.map(({ fix }) => (fix === undefined ? 'Run "preflight" to see everything.' : asAdvice(fix))).join('\n'),
  );
}

/** What may not be looked at keeps nobody; what Azure did not answer may be what the phase must not change anything with. */
function stopOnUnanswered(phase: ChangingPhase, checks: readonly Check[]): void {
  const found = checks.filter(({ passes }) => passes).map((check) => `${check.name}: ${check.found}`);
  if (found.length === 0) return;
  throw new Stop(
    'failed',
    `Phase ${phase} must know before it changes anything what Azure did not tell: ${[...new Set(found)].join(' ')}`,
    `Nothing was changed. Run "${phase}" again: it asks once more.`,
    { passes: true },
  );
}

/** A fix may be the line of a workflow alone, which says nothing about what to do with it. */
function asAdvice(fix: string): string {
  return /^[a-z]+(-[a-z]+)*: /.test(fix) ? `Give ${fix}` : fix;
}
