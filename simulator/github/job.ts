import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobResult, Json, Permissions } from './contract.ts';
import { environmentOf, environmentUrlOf, passGate } from './environment-gate.ts';
import { asText, evaluate, text, texts } from './expressions.ts';
import { annotate, type JobRuntime, stepScope, writeLog } from './job-runtime.ts';
import { createMasker } from './mask.ts';
import type { Job, Workflow } from './parse.ts';
import { endOrphans } from './process.ts';
import type { Run } from './run.ts';
import { runSteps } from './steps.ts';
import { githubContext, runnerContext } from './variables.ts';

interface JobStart {
  readonly run: Run;
  readonly key: string;
  readonly job: Job;
  readonly workflow: Workflow;
  /** inputs, vars, secrets, needs, strategy, matrix. */
  readonly contexts: Readonly<Record<string, Json>>;
  readonly permissions: Permissions;
  readonly jobWorkflowRef: string;
  /** Whether the environment's own secrets reach the job. */
  readonly environmentSecrets: boolean;
  /** Whether the job's condition holds although the run is cancelled. */
  readonly wantedWhenCancelled: () => boolean;
  /** Cancels this job alone: another of its matrix failed. */
  readonly failFast: AbortSignal;
}

/** Minutes that a job may take when it does not say. */
const DEFAULT_TIMEOUT = 360;
/** Milliseconds from a cancellation to the end of everything. */
const FORCE_AFTER = 300_000;

const NOTHING = { outputs: {}, steps: [], annotations: [], ran: true };

/** Runs one job on a runner of its own: gate, steps, post steps, outputs. */
export async function runJob(start: JobStart): Promise<JobResult> {
  const { run, key, job } = start;
  const scope = { contexts: { ...start.contexts, github: githubContext(run, job.id, '', '') } };
  const environment = environmentOf(job, scope);
  const passed = environment === undefined ? 'approved' : await passGate(run, key, environment);
  if (passed === 'rejected' || passed === 'closed') {
    const branch = `Branch "${run.ref.replace(/^refs\/heads\//, '')}" is not allowed to deploy to ${environment} due to environment protection rules.`;
    const rejected = "The deployment was rejected or didn't satisfy other protection rules.";
    const message = passed === 'closed' ? branch : rejected;
    run.emit({ kind: 'job-end', job: key, outcome: 'failure', text: message });
    return { ...NOTHING, conclusion: 'failure', annotations: [{ level: 'error', message }] };
  }
  if (passed === 'cancelled' && !start.wantedWhenCancelled()) {
    run.emit({ kind: 'job-end', job: key, outcome: 'cancelled' });
    return { ...NOTHING, conclusion: 'cancelled' };
  }
  const runtime = prepare(start, environment);
  run.emit({ kind: 'job-start', job: key });
  await interruptible(start, runtime);
  run.service.dismiss(runtime.credentials);
  const outputs = runtime.status === 'cancelled' ? {} : jobOutputs(runtime);
  run.emit({ kind: 'job-end', job: key, outcome: runtime.status, outputs });
  const tolerated = evaluate(job.fields.get('continue-on-error'), stepScope(runtime)) === true;
  const { steps, annotations } = runtime;
  const url = environmentUrlOf(job, stepScope(runtime));
  const more = { ...(tolerated ? { tolerated } : {}), ...(url === undefined ? {} : { environmentUrl: url }) };
  return { conclusion: runtime.status, outputs, steps, annotations, ran: true, ...more };
}

function prepare(start: JobStart, environment: string | undefined): JobRuntime {
  const { run, key, job, workflow, permissions } = start;
  const folder = join(run.folder, 'work', key.replaceAll(/[^\w.-]+/g, '_'));
  const workspace = join(folder, 'workspace');
  const temp = join(folder, '_temp');
  for (const path of [workspace, temp]) mkdirSync(path, { recursive: true });
  const { repository, ref, sha, eventName, actor, runId, runAttempt, workflowRef, immutableSubjects } = run;
  const identity = { repository, ref, sha, eventName, actor, runId, runAttempt, workflowRef, environment };
  const workflowName = run.workflowName;
  const credentials = run.service.admit(
    { ...identity, immutableSubjects, workflow: workflowName, jobWorkflowRef: start.jobWorkflowRef },
    permissions,
  );
  const own = environment === undefined ? undefined : run.environments?.[environment];
  const secrets: Record<string, string> = {
    ...(start.contexts.secrets as Record<string, string>),
    ...(start.environmentSecrets ? own?.secrets : {}),
    GITHUB_TOKEN: credentials.token,
  };
  const vars: Record<string, string> = { ...(start.contexts.vars as Record<string, string>), ...own?.vars };
  const contexts = {
    ...start.contexts,
    github: githubContext(run, job.id, workspace, credentials.token),
    runner: runnerContext(temp, [secrets.ACTIONS_STEP_DEBUG, vars.ACTIONS_STEP_DEBUG].includes('true')),
    secrets,
    vars,
  };
  const workflowEnv = texts(workflow.fields.get('env'), { contexts });
  const env = { ...workflowEnv, ...texts(job.fields.get('env'), { contexts: { ...contexts, env: workflowEnv } }) };
  const hidden = [...run.secretValues, ...Object.values(secrets), credentials.idToken?.token ?? ''];
  const masker = createMasker(hidden);
  const trackingId = `github_${randomUUID()}`;
  const changing = { env, path: [], steps: [], annotations: [], posts: [], status: 'success' as const };
  return {
    ...{ run, key, job, workflow, workspace, temp, masker, contexts, permissions, credentials, trackingId },
    ...changing,
  };
}

/** Runs the steps under everything that can end the job early. */
async function interruptible(start: JobStart, runtime: JobRuntime): Promise<void> {
  const { run } = runtime;
  const cancelled = new AbortController();
  const forced = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, act: () => void) => timers.push(setTimeout(act, ms / run.clockRate));
  const cancel = () => {
    if (cancelled.signal.aborted) return;
    runtime.status = 'cancelled';
    after(FORCE_AFTER, () => forced.abort());
    cancelled.abort();
  };
  const onRunCancelled = () => {
    if (!start.wantedWhenCancelled()) cancel();
  };
  const onBroken = () => forced.abort();
  const stated = asText(evaluate(runtime.job.fields.get('timeout-minutes'), stepScope(runtime)));
  const minutes = stated === '' ? DEFAULT_TIMEOUT : Number(stated);
  after(minutes * 60_000, () => {
    const limit = `the maximum execution time of ${minutes} minutes`;
    annotate(runtime, '', 'error', `The job running on runner zdd-simulator has exceeded ${limit}.`);
    cancel();
  });
  run.cancelled.addEventListener('abort', onRunCancelled);
  start.failFast.addEventListener('abort', cancel);
  run.broken.addEventListener('abort', onBroken);
  try {
    await runSteps(runtime, { cancelled: cancelled.signal, forced: forced.signal });
  } finally {
    run.cancelled.removeEventListener('abort', onRunCancelled);
    start.failFast.removeEventListener('abort', cancel);
    run.broken.removeEventListener('abort', onBroken);
    for (const timer of timers) clearTimeout(timer);
    for (const pid of endOrphans(runtime.trackingId)) writeLog(runtime, '', `Terminate orphan process: pid (${pid})`);
  }
}

/** The job's outputs. Empty ones are left out; one that contains a secret is dropped with the runner's warning. */
function jobOutputs(runtime: JobRuntime): Record<string, string> {
  const token = runtime.job.fields.get('outputs');
  const outputs: Record<string, string> = {};
  if (token === undefined) return outputs;
  for (const { key, value } of token.assertMapping('outputs')) {
    const name = key.toString();
    const content = text(value, stepScope(runtime));
    if (content === '') continue;
    if (runtime.masker.mask(content) === content) outputs[name] = content;
    else annotate(runtime, '', 'warning', `Skip output '${name}' since it may contain secret.`);
  }
  return outputs;
}
