import type { Observed } from '../deployment/observed.ts';
import { candidateSlot } from '../deployment/slots.ts';
import { windowOpen } from '../deployment/stage.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { openIntentPlan } from '../swap/plan.ts';
import { refuseApart } from './companion-moves.ts';
import { refuseOverdue } from './overdue.ts';
import { changing } from './phase.ts';
import { existing, openRecord, refuse, refuseDuringRollback, refuseState, stopOnDrift } from './refusals.ts';

/**
 * The candidate passed every check; the report for the reviewers is written; the verdict is recorded for exactly this
 * candidate.
 */
export const validate = changing('validate', plan);

function plan(settings: Settings, observed: Observed): Plan {
  const record = openRecord('validate', observed);
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  stopOnDrift(observed);
  refuseDuringRollback('validate', observed, record);
  if (!windowOpen(observed)) refuseState('validate', observed, 'visitors on the read-only copy and a candidate');
  if (record.candidate === undefined) {
    refuse(
      'There is no candidate to validate.',
      'Run "deploy" first (or "rollback", which makes the live build the candidate).',
    );
  }
  refuseApart(observed);
  refuseOverdue('validate', settings, observed, record);
  const slot = existing(candidateSlot(observed), record.candidate.slot, 'deploy');
  stopWhenFailed(observed);
  if (observed.thisRun.verdictGiven !== undefined) return [];
  return inOrder([
    {
      kind: 'check-candidate',
      slot: slot.name,
      because: 'reviewers decide on evidence, and visitors see only what passed',
    },
  ]);
}

function stopWhenFailed(observed: Observed): void {
  const { report = [], verdictGiven } = observed.thisRun;
  if (verdictGiven?.result !== 'failed') return;
  const failed = report.filter((check) => check.verdict === 'failed');
  throw new Stop(
    'failed',
    `The candidate failed ${failed.length} of ${report.length} checks: ${failed.map(({ name, found }) => `${name} ${found}`).join('; ')}.`,
    'Visitors are not affected. Run "deploy" with a fixed package, or "rollback".',
  );
}
