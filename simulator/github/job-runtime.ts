import type { ActionManifest } from './action-manifest.ts';
import type { Annotation, Json, Permissions, StepResult } from './contract.ts';
import type { Scope } from './expressions.ts';
import type { Masker } from './mask.ts';
import type { Job, Workflow } from './parse.ts';
import type { Run } from './run.ts';
import type { JobCredentials } from './service.ts';

/** One job on its runner, while it runs. */
export interface JobRuntime {
  readonly run: Run;
  /** As events and results name it. */
  readonly key: string;
  readonly job: Job;
  readonly workflow: Workflow;
  readonly workspace: string;
  readonly temp: string;
  readonly masker: Masker;
  /** github, inputs, vars, secrets, needs, strategy, matrix, runner. */
  readonly contexts: Readonly<Record<string, Json>>;
  readonly permissions: Permissions;
  readonly credentials: JobCredentials;
  /** In the environment of everything that the job starts. */
  readonly trackingId: string;
  /** Of workflow and job, then what steps wrote to GITHUB_ENV. */
  readonly env: Record<string, string>;
  /** What steps wrote to GITHUB_PATH; the last one first. */
  readonly path: string[];
  readonly steps: StepResult[];
  readonly annotations: Annotation[];
  /** Post steps in the order of registration. */
  readonly posts: Post[];
  status: 'success' | 'failure' | 'cancelled';
}

/** A post step that waits for the end of the job. */
export interface Post {
  readonly manifest: ActionManifest;
  readonly stepName: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly repository: { readonly name: string; readonly ref: string } | undefined;
  readonly state: Record<string, string>;
}

/** What expressions of a step see now. */
export function stepScope(runtime: JobRuntime, env: Readonly<Record<string, string>> = runtime.env): Scope {
  const { status } = runtime;
  const named = runtime.steps.filter((step) => !step.id.startsWith('__'));
  return {
    contexts: {
      ...runtime.contexts,
      env: { ...env },
      job: { status },
      steps: Object.fromEntries(
        named.map(({ id, outcome, conclusion, outputs }) => [id, { outcome, conclusion, outputs }]),
      ),
    },
    status: { success: status === 'success', failure: status === 'failure', cancelled: status === 'cancelled' },
  };
}

/** Writes one line of a step's log, secrets hidden. */
export function writeLog(runtime: JobRuntime, step: string, line: string): void {
  runtime.run.emit({ kind: 'log', job: runtime.key, step, text: runtime.masker.mask(line) });
}

/** Writes an error, warning or notice to the log and keeps it as an annotation. */
export function annotate(runtime: JobRuntime, step: string, level: Annotation['level'], message: string): void {
  runtime.annotations.push({ level, message: runtime.masker.mask(message) });
  writeLog(runtime, step, `##[${level}]${message}`);
}

/** Takes a finished step into the job's status and tells of it. */
export function conclude(runtime: JobRuntime, result: StepResult): void {
  const outputs = Object.fromEntries(
    Object.entries(result.outputs).map(([key, value]) => [key, runtime.masker.mask(value)]),
  );
  runtime.run.emit({ kind: 'step-end', job: runtime.key, step: result.name, outcome: result.outcome, outputs });
  if (result.conclusion === 'failure' && runtime.status === 'success') runtime.status = 'failure';
}
