import type { Json, Permissions } from './contract.ts';
import { evaluate } from './expressions.ts';
import { effective, type Results } from './job-results.ts';
import type { Job, Workflow } from './parse.ts';
import { permissionsOf, refuseExcess } from './permissions.ts';
import type { Run } from './run.ts';
import { githubContext } from './variables.ts';

/** A workflow as it is run: the triggered one, or one that a job calls. */
export interface Frame {
  readonly run: Run;
  readonly workflow: Workflow;
  /** `caller / ` inside a called workflow. */
  readonly prefix: string;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  /** What the calling job grants; undefined in the triggered workflow. */
  readonly granted: Permissions | undefined;
  readonly environmentSecrets: boolean;
  /** In a re-run: something before the calling job has run again, so everything here does. */
  readonly runAgain: boolean;
  /** `owner/name/path@ref` of the file. */
  readonly workflowRef: string;
}

/** What the job's token may do. */
export function jobPermissions(frame: Frame, job: Job): Permissions {
  const otherwise = frame.granted ?? frame.run.defaultPermissions;
  const permissions = permissionsOf(job.fields.get('permissions'), frame.workflow.fields.get('permissions'), otherwise);
  if (frame.granted) refuseExcess(permissions, frame.granted, `job "${job.id}" of ${frame.workflow.path}`);
  return permissions;
}

/** The contexts that the conditions and inputs of a job see. */
export function jobContexts(frame: Frame, job: Job, ended: Results): Record<string, Json> {
  const needs = job.needs.map((id) => [id, { result: effective(ended[id]), outputs: { ...ended[id]?.outputs } }]);
  return {
    github: githubContext(frame.run, job.id, '', ''),
    inputs: { ...frame.inputs },
    vars: { ...frame.vars },
    secrets: { ...frame.secrets },
    needs: Object.fromEntries(needs),
  };
}

/** The concurrency group of a workflow or job goes into the record of the run. */
export function recordConcurrency(
  frame: Frame,
  scope: string,
  token: Parameters<typeof evaluate>[0],
  contexts: Readonly<Record<string, Json>> = {
    github: githubContext(frame.run, '', '', ''),
    inputs: { ...frame.inputs },
    vars: { ...frame.vars },
  },
): void {
  const stated = evaluate(token, { contexts });
  if (stated === null) return;
  const setting = typeof stated === 'object' && !Array.isArray(stated) ? stated : { group: stated };
  frame.run.state.concurrency.push({
    scope,
    group: String(setting.group),
    cancelInProgress: setting['cancel-in-progress'] === true,
    queue: String(setting.queue ?? 'single'),
  });
}
