import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { type RunState, StartupFailure, type Summary, type WorkflowOptions, type WorkflowResult } from './contract.ts';
import { text } from './expressions.ts';
import { dispatchInputs, eventConfiguration } from './inputs.ts';
import { overall } from './job-results.ts';
import { runJobs } from './jobs.ts';
import { parseWorkflowFile, type Workflow } from './parse.ts';
import type { Run } from './run.ts';
import { type Service, startService } from './service.ts';

/**
 * Runs a workflow file as GitHub and its runners would, every job in a folder of its own on this machine.
 * With `previous` it re-runs the failed jobs of that attempt and what depends on them.
 * @throws StartupFailure when GitHub would not start the run, Unmodelled when the workflow asks for what is not simulated.
 */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowResult> {
  const file = resolve(options.repositoryRoot, options.file);
  const path = relative(options.repositoryRoot, file);
  const workflow = await parseWorkflowFile(file, isAbsolute(path) || path.startsWith('..') ? options.file : path);
  const event = options.event?.name ?? 'workflow_dispatch';
  if (eventConfiguration(workflow, event) === undefined) {
    throw new StartupFailure(`${workflow.path} does not react to the event "${event}".`);
  }
  const inputs = event === 'workflow_dispatch' ? dispatchInputs(workflow, options.inputs ?? {}) : {};
  const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'zdd-github-'));
  const stop = new AbortController();
  const broken = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const state = initialState(options);
  const breakOff = (error: unknown) => {
    broken.abort(error);
    stop.abort(error);
  };
  const now = options.now ?? Date.now;
  const service = await startService({
    issuer: options.oidc,
    now,
    approvals: state.approvals,
    environments: options.environments,
    protectedBranches: options.protectedBranches ?? [],
    unmodelled: breakOff,
  });
  const summaries: Summary[] = [];
  const run = describeRun({
    options,
    workflow,
    folder,
    service,
    state,
    summaries,
    signal,
    broken: broken.signal,
    breakOff,
  });
  try {
    const results = await runJobs({
      ...{ run, workflow, prefix: '', inputs, granted: undefined, environmentSecrets: true, runAgain: false },
      secrets: options.secrets ?? {},
      vars: options.vars ?? {},
      workflowRef: run.workflowRef,
    });
    const conclusion = signal.aborted ? 'cancelled' : overall(Object.values(results));
    return { conclusion: conclusion === 'skipped' ? 'success' : conclusion, jobs: state.jobs, summaries, state };
  } finally {
    await service.close();
    const done = existsSync(join(folder, 'artifacts')) ? join(folder, 'work') : folder;
    await rm(done, { recursive: true, force: true, maxRetries: 3 });
  }
}

function initialState({ previous, runId, artifacts }: WorkflowOptions): RunState {
  return {
    runId: previous?.runId ?? runId ?? 1,
    runAttempt: (previous?.runAttempt ?? 0) + 1,
    jobs: {},
    approvals: [...(previous?.approvals ?? [])],
    concurrency: [],
    artifacts: { ...artifacts, ...previous?.artifacts },
  };
}

function describeRun(parts: {
  readonly options: WorkflowOptions;
  readonly workflow: Workflow;
  readonly folder: string;
  readonly service: Service;
  readonly state: RunState;
  readonly summaries: Summary[];
  readonly signal: AbortSignal;
  readonly broken: AbortSignal;
  readonly breakOff: (error: unknown) => void;
}): Run {
  const { options, workflow, folder, service, state, summaries } = parts;
  mkdirSync(join(folder, 'work'), { recursive: true });
  const event = options.event;
  const repository = event?.repository ?? 'contoso/shop';
  const ref = event?.ref ?? 'refs/heads/main';
  return {
    ...{ folder, service, state, summaries, repository, ref },
    runId: state.runId,
    runAttempt: state.runAttempt,
    repositoryRoot: resolve(options.repositoryRoot),
    eventName: event?.name ?? 'workflow_dispatch',
    actor: event?.actor ?? 'octocat',
    sha: event?.sha ?? '0123456789abcdef0123456789abcdef01234567',
    workflowRef: `${repository}/${workflow.path}@${ref}`,
    workflowName: text(workflow.fields.get('name'), { contexts: {} }) || workflow.path,
    eventPayload: { ...event?.payload, inputs: inputsOfEvent(options), ref, repository: { full_name: repository } },
    runnerEnv: options.runnerEnv ?? {},
    actions: options.actions ?? {},
    environments: options.environments,
    protectedBranches: options.protectedBranches ?? [],
    approve: options.approve ?? (() => Promise.resolve('rejected')),
    immutableSubjects: options.immutableSubjects ?? false,
    clockRate: options.clockRate ?? 1,
    defaultPermissions: options.defaultPermissions ?? { contents: 'read', packages: 'read' },
    previous: options.previous,
    cancelled: parts.signal,
    broken: parts.broken,
    breakOff: parts.breakOff,
    emit: (one) => options.onEvent?.({ at: Date.now(), ...one }),
    secretValues: Object.values(options.secrets ?? {}),
  };
}

/** As the webhook carries them: every value as text. */
function inputsOfEvent({ inputs }: WorkflowOptions): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs ?? {}).map(([name, value]) => [name, String(value)]));
}
