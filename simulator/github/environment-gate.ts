import { asText, evaluate, type Scope } from './expressions.ts';
import type { Job } from './parse.ts';
import type { Run } from './run.ts';

/** The name of the job's environment; undefined without one. */
export function environmentOf(job: Job, scope: Scope): string | undefined {
  const stated = evaluate(job.fields.get('environment'), scope);
  const name = stated !== null && typeof stated === 'object' && !Array.isArray(stated) ? stated.name : stated;
  return asText(name ?? null) || undefined;
}

/**
 * The address of the job's environment; undefined without one. The runner evaluates it when the steps have ended.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idenvironment
 */
export function environmentUrlOf(job: Job, ended: Scope): string | undefined {
  const stated = evaluate(job.fields.get('environment'), ended);
  const url = stated !== null && typeof stated === 'object' && !Array.isArray(stated) ? stated.url : null;
  return asText(url ?? null) || undefined;
}

/**
 * Whether jobs of the run's branch may use the environment. With protected branches only: "If no branch protection rules are
 * defined for any branch in the repository, then all branches can deploy."
 * https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
 */
function isOpenTo(run: Run, environment: string): boolean {
  const { branches } = run.environments?.[environment] ?? {};
  const branch = run.ref.replace(/^refs\/(heads|tags)\//, '');
  if (branches === undefined) return true;
  if (branches === 'protected') return run.protectedBranches.length === 0 || run.protectedBranches.includes(branch);
  return branches.some((pattern) => patternOf(pattern).test(branch));
}

/** A star stands for everything but a slash. */
function patternOf(name: string): RegExp {
  const literal = name.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('[^/]*')}$`);
}

/**
 * Waits for the reviewers of an environment. One that the repository does not have is made without protection,
 * as GitHub does, and lets everybody pass. What passed in an earlier attempt passes again.
 */
export async function passGate(
  run: Run,
  job: string,
  environment: string,
): Promise<'approved' | 'rejected' | 'cancelled' | 'closed'> {
  if (!isOpenTo(run, environment)) return 'closed';
  const { reviewers = run.environments === undefined, customRule = false } = run.environments?.[environment] ?? {};
  if (!reviewers && !customRule) return 'approved';
  const earlier = run.previous?.approvals ?? [];
  const passed = earlier.some((one) => one.job === job && one.environment === environment && one.state === 'approved');
  if (passed) return 'approved';
  run.emit({ kind: 'waiting-approval', job, text: environment });
  const context = {
    job,
    runId: run.runId,
    runAttempt: run.runAttempt,
    summaries: [...run.summaries],
    signal: run.cancelled,
  };
  const cancelled = new Promise<'cancelled'>((resolve) => {
    if (run.cancelled.aborted) resolve('cancelled');
    run.cancelled.addEventListener('abort', () => resolve('cancelled'), { once: true });
  });
  const answer = await Promise.race([run.approve(environment, context), cancelled]);
  if (answer === 'cancelled') return answer;
  // The history of reviews is of people: https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
  if (reviewers) run.state.approvals.push({ job, environment, state: answer });
  run.emit({ kind: answer, job, text: environment });
  return answer;
}
