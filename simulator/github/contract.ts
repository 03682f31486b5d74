import type { KeyObject } from 'node:crypto';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

/** What set the run off, and for which repository. */
export interface TriggeringEvent {
  /** Such as `workflow_dispatch` or `push`; must be in the workflow's `on`. */
  readonly name: string;
  /** `owner/name`. Default `contoso/shop`. */
  readonly repository?: string;
  /** Default `refs/heads/main`. */
  readonly ref?: string;
  readonly sha?: string;
  readonly actor?: string;
  /** The webhook's body, as `github.event`. */
  readonly payload?: { [key: string]: Json };
}

/** A deployment environment of the calling repository. */
export interface Environment {
  /** Whether somebody must approve each job that names it. */
  readonly reviewers?: boolean;
  /** Whether an app must let each of these jobs pass: a custom protection rule. */
  readonly customRule?: boolean;
  /** Whether whoever started the run may approve it. Default: yes, as on GitHub. */
  readonly selfReview?: boolean;
  /** Names of the branches whose jobs may use it, such as `main` or `release/*`; or `protected`. Left out: all of them. */
  readonly branches?: readonly string[] | 'protected';
  readonly vars?: Readonly<Record<string, string>>;
  /** Reach a job of a called workflow only when its caller says `secrets: inherit` (actions/runner#4453). */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Who signs the ID tokens of jobs with `id-token: write`. */
export interface Issuer {
  /** The `iss` claim; where discovery and keys are served. */
  readonly url: string;
  readonly privateKey: KeyObject;
  readonly keyId: string;
}

export interface ApprovalContext {
  readonly job: string;
  readonly runId: number;
  readonly runAttempt: number;
  /** What reviewers can read so far. */
  readonly summaries: readonly Summary[];
  readonly signal: AbortSignal;
}

export interface Summary {
  readonly job: string;
  readonly text: string;
}

export interface RunEvent {
  /** Milliseconds since the epoch, real time. */
  readonly at: number;
  readonly kind:
    | 'job-start'
    | 'job-end'
    | 'step-start'
    | 'step-end'
    | 'log'
    | 'summary'
    | 'waiting-approval'
    | 'approved'
    | 'rejected';
  /** Job id; `caller / called` inside a reusable workflow, with ` (values)` in a matrix. */
  readonly job: string;
  readonly step?: string;
  readonly text?: string;
  readonly outcome?: Conclusion;
  readonly outputs?: Readonly<Record<string, string>>;
}

export interface WorkflowOptions {
  /** The workflow file, relative to the repository or absolute. */
  readonly file: string;
  /** What `actions/checkout` puts into the workspace. */
  readonly repositoryRoot: string;
  readonly event?: TriggeringEvent;
  readonly inputs?: Readonly<Record<string, string | boolean | number>>;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** For the files of the run: workspaces while it runs, artifacts for later. Default: a new temporary folder. */
  readonly folder?: string;
  /** More environment for every step, as if the runner machine had it. */
  readonly runnerEnv?: Readonly<Record<string, string>>;
  /** Folders of actions and of reusable workflows' repositories, by `owner/name`. */
  readonly actions?: Readonly<Record<string, string>>;
  /** Artifacts that the run already has: folders by artifact name. */
  readonly artifacts?: Readonly<Record<string, string>>;
  /**
   * Given: an environment that is missing here exists without protection, as on GitHub.
   * Left out: every environment has reviewers.
   */
  readonly environments?: Readonly<Record<string, Environment>>;
  /** Branches with a protection rule. Default: none. */
  readonly protectedBranches?: readonly string[];
  readonly approve?: (environment: string, context: ApprovalContext) => Promise<'approved' | 'rejected'>;
  readonly onEvent?: (event: RunEvent) => void;
  readonly runId?: number;
  /** Of a re-run of failed jobs: what the attempt before left. Its successful jobs and passed approvals hold. */
  readonly previous?: RunState;
  /** Cancels the run, as the button does. */
  readonly signal?: AbortSignal;
  /** Default: an issuer of the run's own, served by it. */
  readonly oidc?: Issuer;
  /** Immutable subjects (`repo:owner@id/name@id:…`), the default for repositories made since July 2026. Default false. */
  readonly immutableSubjects?: boolean;
  /** The time in ID tokens, in milliseconds since the epoch. Default: the real time. */
  readonly now?: () => number;
  /** Timeouts and the pauses between signals are divided by this. Default 1. */
  readonly clockRate?: number;
  /** `permissions` of a workflow that states none. Default: contents and packages read. */
  readonly defaultPermissions?: Permissions;
}

export type Permissions = Readonly<Record<string, 'none' | 'read' | 'write'>>;

export interface StepResult {
  readonly id: string;
  readonly name: string;
  /** Before `continue-on-error`. */
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
  readonly outputs: Record<string, string>;
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
}

export interface JobResult {
  readonly conclusion: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepResult[];
  readonly annotations: readonly Annotation[];
  /** Whether this attempt ran it; false when an earlier attempt's result holds. */
  readonly ran: boolean;
  /** `continue-on-error` of the job: its failure counts as success for others. */
  readonly tolerated?: boolean;
  /** What the environment links to from the end of the job on: GitHub evaluates it then, never while a gate waits. */
  readonly environmentUrl?: string;
}

export interface Approval {
  readonly job: string;
  readonly environment: string;
  readonly state: 'approved' | 'rejected';
}

export interface ConcurrencyRecord {
  /** `workflow`, or the job. */
  readonly scope: string;
  readonly group: string;
  readonly cancelInProgress: boolean;
  readonly queue: string;
}

/** All that a re-run needs; plain data. */
export interface RunState {
  readonly runId: number;
  readonly runAttempt: number;
  readonly jobs: Record<string, JobResult>;
  readonly approvals: Approval[];
  readonly concurrency: ConcurrencyRecord[];
  /** Folders by artifact name. */
  readonly artifacts: Record<string, string>;
}

export interface WorkflowResult {
  readonly conclusion: 'success' | 'failure' | 'cancelled';
  readonly jobs: Record<string, JobResult>;
  readonly summaries: readonly Summary[];
  readonly state: RunState;
}

/** The workflow asks for something of GitHub that is not simulated. */
export class Unmodelled extends Error {
  constructor(what: string) {
    super(`Not simulated: ${what}.`);
    this.name = 'Unmodelled';
  }
}

/** GitHub would refuse to start this run (`startup_failure`, or an invalid workflow file). */
export class StartupFailure extends Error {
  constructor(why: string) {
    super(`The run would not start: ${why}`);
    this.name = 'StartupFailure';
  }
}
