import { join, resolve } from 'node:path';
import { messageOf } from '../../src/errors.ts';
import { type ActionManifest, readActionManifest } from './action-manifest.ts';
import { Unmodelled } from './contract.ts';
import { text, texts } from './expressions.ts';
import { annotate, type JobRuntime, type Post, stepScope, writeLog } from './job-runtime.ts';
import type { Step } from './parse.ts';
import { STAND_INS } from './stand-in-actions.ts';
import { runStepProcess, type StepEffects } from './step-process.ts';

export interface StepRequest {
  readonly runtime: JobRuntime;
  readonly step: Step;
  readonly name: string;
  /** The step's `env` context. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs a `uses` step: a stand-in, or the `main` of a JavaScript action in Node. Its `post` is registered. */
export async function runActionStep(request: StepRequest): Promise<StepEffects> {
  const { runtime, step, name, env, signal } = request;
  const uses = step.fields.get('uses')?.assertString('uses').value ?? '';
  const scope = stepScope(runtime, env);
  const given = texts(step.fields.get('with'), scope);
  const { repository, folder } = locate(runtime, uses);
  if (folder === undefined) return runStandIn(request, uses, given);
  const manifest = readActionManifest(folder, uses);
  if (manifest === undefined) {
    const hint = 'Did you forget to run actions/checkout before running your local action?';
    annotate(
      runtime,
      name,
      'error',
      `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'. ${hint}`,
    );
    return { succeeded: false, outputs: {}, state: {} };
  }
  const inputs = mergeInputs(request, manifest, given);
  const state: Record<string, string> = {};
  if (manifest.post !== undefined) runtime.posts.push({ manifest, stepName: name, inputs, env, repository, state });
  const effects = await runStepProcess(runtime, {
    step: name,
    file: process.execPath,
    arguments: [join(manifest.folder, manifest.main)],
    cwd: runtime.workspace,
    env,
    extra: { ...inputVariables(inputs), ...actionVariables(step.id, repository) },
    signal,
  });
  Object.assign(state, effects.state);
  return effects;
}

/** Runs an action's `post` with the state that its `main` saved. */
export function runPost(runtime: JobRuntime, post: Post, signal: AbortSignal): Promise<StepEffects> {
  return runStepProcess(runtime, {
    step: `Post ${post.stepName}`,
    file: process.execPath,
    arguments: [join(post.manifest.folder, post.manifest.post ?? '')],
    cwd: runtime.workspace,
    env: { ...runtime.env, ...post.env },
    extra: {
      ...inputVariables(post.inputs),
      ...actionVariables('__post', post.repository),
      ...Object.fromEntries(Object.entries(post.state).map(([key, value]) => [`STATE_${key}`, value])),
    },
    signal,
  });
}

/** Where the action's files are; without a folder it is a stand-in's. */
function locate(runtime: JobRuntime, uses: string): { folder?: string; repository: Post['repository'] } {
  if (uses.startsWith('./')) return { folder: resolve(runtime.workspace, uses), repository: undefined };
  const [path = '', ref = ''] = uses.split('@');
  const [owner, name, ...rest] = path.split('/');
  const repository = { name: `${owner}/${name}`, ref };
  const folder = runtime.run.actions[repository.name];
  if (folder !== undefined) return { folder: resolve(folder, ...rest), repository };
  if (path in STAND_INS) return { repository };
  throw new Unmodelled(
    `the action "${uses}"; give its folder in "actions", or use one of ${Object.keys(STAND_INS).join(', ')}`,
  );
}

function runStandIn({ runtime, name }: StepRequest, uses: string, inputs: Record<string, string>): StepEffects {
  const standIn = STAND_INS[uses.split('@')[0] ?? ''];
  try {
    const outputs = standIn?.({
      inputs,
      workspace: runtime.workspace,
      repositoryRoot: runtime.run.repositoryRoot,
      store: join(runtime.run.folder, 'artifacts'),
      artifacts: runtime.run.state.artifacts,
      address: `https://github.com/${runtime.run.repository}/actions/runs/${runtime.run.runId}`,
      log: (line) => writeLog(runtime, name, line),
    });
    return { succeeded: true, outputs: outputs ?? {}, state: {} };
  } catch (error) {
    if (error instanceof Unmodelled) throw error;
    annotate(runtime, name, 'error', messageOf(error));
    return { succeeded: false, outputs: {}, state: {} };
  }
}

/** What is given, and the action's defaults for the rest; unknown and deprecated ones are warned of. */
function mergeInputs({ runtime, name, env }: StepRequest, manifest: ActionManifest, given: Record<string, string>) {
  const scope = stepScope(runtime, env);
  const valid = manifest.inputs.map((input) => input.id);
  const known = new Set(valid.map((id) => id.toLowerCase()));
  const present = new Set(Object.keys(given).map((id) => id.toLowerCase()));
  for (const { id, deprecation } of manifest.inputs) {
    if (deprecation !== undefined && present.has(id.toLowerCase())) {
      annotate(runtime, name, 'warning', `Input '${id}' has been deprecated with message: ${deprecation}`);
    }
  }
  const unexpected = Object.keys(given).filter((id) => !known.has(id.toLowerCase()));
  if (unexpected.length > 0) {
    const list = `valid inputs are ['${valid.join("', '")}']`;
    annotate(runtime, name, 'warning', `Unexpected input(s) '${unexpected.join("', '")}', ${list}`);
  }
  const merged = { ...given };
  for (const input of manifest.inputs) {
    if (!present.has(input.id.toLowerCase())) merged[input.id] = text(input.default, scope);
  }
  return merged;
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

function actionVariables(id: string, repository: Post['repository']): Record<string, string> {
  return {
    GITHUB_ACTION: id,
    GITHUB_ACTION_REPOSITORY: repository?.name ?? '',
    GITHUB_ACTION_REF: repository?.ref ?? '',
  };
}
