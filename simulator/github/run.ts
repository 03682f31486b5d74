import type { ApprovalContext, Environment, Json, Permissions, RunEvent, RunState, Summary } from './contract.ts';
import type { Service } from './service.ts';

/** One attempt of a workflow run, while it runs. Shared by all its jobs. */
export interface Run {
  readonly runId: number;
  readonly runAttempt: number;
  readonly repositoryRoot: string;
  /** Temporary folder of this attempt; a job's workspace is below it. */
  readonly folder: string;
  readonly repository: string;
  readonly eventName: string;
  readonly actor: string;
  readonly ref: string;
  readonly sha: string;
  /** `owner/name/path@ref` of the triggered workflow. */
  readonly workflowRef: string;
  readonly workflowName: string;
  readonly eventPayload: Json;
  readonly runnerEnv: Readonly<Record<string, string>>;
  readonly actions: Readonly<Record<string, string>>;
  readonly environments: Readonly<Record<string, Environment>> | undefined;
  readonly protectedBranches: readonly string[];
  readonly approve: (environment: string, context: ApprovalContext) => Promise<'approved' | 'rejected'>;
  readonly immutableSubjects: boolean;
  readonly clockRate: number;
  readonly defaultPermissions: Permissions;
  readonly service: Service;
  readonly previous: RunState | undefined;
  readonly state: RunState;
  readonly summaries: Summary[];
  /** Aborted when the run is cancelled. */
  readonly cancelled: AbortSignal;
  /** Aborted, with the error, when the simulation itself cannot go on. */
  readonly broken: AbortSignal;
  /** Ends everything, because of this error. */
  readonly breakOff: (error: unknown) => void;
  readonly emit: (event: Omit<RunEvent, 'at'>) => void;
  /** Secrets of the run; of every job's masker. */
  readonly secretValues: readonly string[];
}
