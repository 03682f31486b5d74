import { calledSecrets, locateWorkflow } from './called-workflow.ts';
import { type JobResult, type Json, StartupFailure, Unmodelled } from './contract.ts';
import { evaluate, holds, type Scope, texts } from './expressions.ts';
import { type Frame, jobContexts, jobPermissions, recordConcurrency } from './frame.ts';
import { callInputs, definitions, eventConfiguration } from './inputs.ts';
import { runJob } from './job.ts';
import { effective, NOT_RUN, overall, type Results } from './job-results.ts';
import { strategyOf } from './matrix.ts';
import { type Job, parseWorkflowFile } from './parse.ts';

/** Runs the jobs of a workflow, each as soon as those it needs have ended. */
export async function runJobs(frame: Frame): Promise<Results> {
  const { workflow, run } = frame;
  recordConcurrency(frame, frame.prefix ? `${frame.prefix}workflow` : 'workflow', workflow.fields.get('concurrency'));
  const byId = new Map(workflow.jobs.map((job) => [job.id, job]));
  const started = new Map<string, Promise<JobResult>>();
  const ended: Results = {};
  const start = (id: string): Promise<JobResult> => {
    const job = byId.get(id);
    if (job === undefined) throw new StartupFailure(`the job "${id}" is needed but does not exist.`);
    const running = started.get(id) ?? whenNeedsEnd(job);
    started.set(id, running);
    return running;
  };
  const whenNeedsEnd = async (job: Job): Promise<JobResult> => {
    await Promise.all(job.needs.map(start));
    run.broken.throwIfAborted();
    const result = await runOne(frame, job, ancestorsOf(job, byId), ended);
    ended[job.id] = result;
    run.state.jobs[frame.prefix + job.id] = result;
    return result;
  };
  const all = workflow.jobs.map((job) => start(job.id).catch(run.breakOff));
  await Promise.all(all);
  run.broken.throwIfAborted();
  return ended;
}

async function runOne(frame: Frame, job: Job, ancestors: readonly string[], ended: Results): Promise<JobResult> {
  const { run } = frame;
  const key = frame.prefix + job.id;
  const runAgain = frame.runAgain || job.needs.some((id) => ended[id]?.ran === true);
  const before = run.previous?.jobs[key];
  const calls = job.fields.has('uses');
  if (before && !runAgain && (before.conclusion === 'skipped' || (before.conclusion === 'success' && !calls))) {
    return { ...before, ran: false };
  }
  const contexts = jobContexts(frame, job, ended);
  const wanted = (): boolean => {
    const results = ancestors.map((id) => effective(ended[id]));
    const cancelled = run.cancelled.aborted;
    const status = {
      success: !cancelled && results.every((one) => one === 'success'),
      failure: results.includes('failure'),
      cancelled,
    };
    return holds(job.condition, { contexts, status });
  };
  if (!wanted()) {
    const conclusion = run.cancelled.aborted ? 'cancelled' : 'skipped';
    run.emit({ kind: 'job-end', job: key, outcome: conclusion });
    return { ...NOT_RUN, conclusion, ran: run.previous === undefined || runAgain };
  }
  if (calls) return callWorkflow(frame, job, { contexts }, runAgain);
  return runMatrix(frame, job, contexts, wanted);
}

async function runMatrix(
  frame: Frame,
  job: Job,
  contexts: Readonly<Record<string, Json>>,
  wantedWhenCancelled: () => boolean,
): Promise<JobResult> {
  const { run, workflow } = frame;
  const { combinations, failFast } = strategyOf(job.fields.get('strategy'), { contexts });
  const permissions = jobPermissions(frame, job);
  const stop = new AbortController();
  const results = await Promise.all(
    combinations.map(async ({ suffix, values }, index) => {
      const key = frame.prefix + job.id + suffix;
      const own: Record<string, Json> = {
        ...contexts,
        matrix: { ...values },
        strategy: {
          'fail-fast': failFast,
          'job-index': index,
          'job-total': combinations.length,
          'max-parallel': combinations.length,
        },
      };
      recordConcurrency({ ...frame }, key, job.fields.get('concurrency'), own);
      const result = await runJob({
        ...{ run, key, job, workflow, contexts: own, permissions, wantedWhenCancelled },
        jobWorkflowRef: frame.workflowRef,
        environmentSecrets: frame.environmentSecrets,
        failFast: stop.signal,
      });
      if (suffix !== '') run.state.jobs[key] = result;
      if (failFast && effective(result) === 'failure') stop.abort();
      return result;
    }),
  );
  const [only] = results;
  if (results.length === 1 && only !== undefined) return only;
  const outputs = Object.assign({}, ...results.map((result) => result.outputs));
  const failed = results.some((result) => effective(result) === 'failure');
  return { ...NOT_RUN, conclusion: failed ? 'failure' : overall(results), outputs, ran: true };
}

/** Runs a reusable workflow in the place of a job. */
async function callWorkflow(frame: Frame, job: Job, scope: Scope, runAgain: boolean): Promise<JobResult> {
  const { run } = frame;
  if (job.fields.has('strategy')) throw new Unmodelled(`a matrix on the calling job "${job.id}"`);
  const uses = job.fields.get('uses')?.assertString('uses').value ?? '';
  const { file, path, ref } = locateWorkflow(frame, uses);
  const workflow = await parseWorkflowFile(file, path);
  if (eventConfiguration(workflow, 'workflow_call') === undefined) {
    throw new StartupFailure(`${path} cannot be called: it has no "workflow_call" in "on".`);
  }
  const given = evaluate(job.fields.get('with'), scope) as Record<string, Json> | null;
  const inherits = job.fields.get('secrets')?.toString() === 'inherit';
  const secretScope = { contexts: { ...scope.contexts, secrets: { ...frame.secrets } } };
  const results = await runJobs({
    run,
    workflow,
    prefix: `${frame.prefix}${job.id} / `,
    inputs: callInputs(workflow, given ?? {}, scope.contexts),
    secrets: inherits ? frame.secrets : calledSecrets(workflow, texts(job.fields.get('secrets'), secretScope)),
    vars: frame.vars,
    granted: jobPermissions(frame, job),
    environmentSecrets: inherits && frame.environmentSecrets,
    runAgain,
    workflowRef: ref,
  });
  const jobs = Object.fromEntries(
    Object.entries(results).map(([id, result]) => [id, { result: effective(result), outputs: result.outputs }]),
  );
  const found = definitions(workflow, 'workflow_call', 'outputs', { ...scope.contexts, jobs });
  const outputs = Object.entries(found).flatMap(([name, { value }]) => (value ? [[name, String(value)]] : []));
  const all = Object.values(results);
  return {
    ...NOT_RUN,
    conclusion: overall(all),
    outputs: Object.fromEntries(outputs),
    ran: all.some((result) => result.ran),
  };
}

function ancestorsOf(job: Job, byId: ReadonlyMap<string, Job>): string[] {
  const found = new Set(job.needs);
  for (const id of found) for (const next of byId.get(id)?.needs ?? []) found.add(next);
  return [...found];
}
