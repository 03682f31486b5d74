import { resolve } from 'node:path';
import { StartupFailure, Unmodelled } from './contract.ts';
import type { Frame } from './frame.ts';
import { definitions } from './inputs.ts';
import type { Workflow } from './parse.ts';

/** The secrets that a reusable workflow gets: those that it defines, and all that it requires. */
export function calledSecrets(workflow: Workflow, given: Record<string, string>): Record<string, string> {
  const defined = definitions(workflow, 'workflow_call', 'secrets');
  const unknown = Object.keys(given).find((name) => !(name in defined));
  if (unknown !== undefined) throw new StartupFailure(`Invalid secret, ${unknown} is not defined in ${workflow.path}.`);
  const missing = Object.entries(defined).find(([name, one]) => one.required === true && !given[name]);
  if (missing) throw new StartupFailure(`Secret ${missing[0]} is required by ${workflow.path}, but not provided.`);
  return given;
}

/** `./path` is of the caller's repository; `owner/name/path@ref` of one whose folder is known. */
export function locateWorkflow(frame: Frame, uses: string): { file: string; path: string; ref: string } {
  const { run } = frame;
  if (uses.startsWith('./')) {
    const path = uses.slice(2);
    const [owner, name] = frame.workflowRef.split('/');
    const folder = `${owner}/${name}` === run.repository ? run.repositoryRoot : run.actions[`${owner}/${name}`];
    if (folder === undefined) throw new Unmodelled(`the reusable workflow "${uses}" of ${owner}/${name}`);
    return { file: resolve(folder, path), path, ref: `${owner}/${name}/${path}@${frame.workflowRef.split('@')[1]}` };
  }
  const [whole = ''] = uses.split('@');
  const [owner, name, ...rest] = whole.split('/');
  const folder = run.actions[`${owner}/${name}`];
  if (folder === undefined) throw new Unmodelled(`the reusable workflow "${uses}"; give its folder in "actions"`);
  return { file: resolve(folder, ...rest), path: rest.join('/'), ref: uses };
}
