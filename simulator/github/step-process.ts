import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { messageOf } from '../../src/errors.ts';
import type { Json } from './contract.ts';
import {
  type CommandFiles,
  commandFileVariables,
  createCommandFiles,
  readLines,
  readPairs,
  readSummary,
  SUMMARY_LIMIT_KIB,
} from './file-commands.ts';
import { annotate, type JobRuntime, writeLog } from './job-runtime.ts';
import { runProcess } from './process.ts';
import type { JobCredentials } from './service.ts';
import { githubVariables } from './variables.ts';
import { COMMANDS, readCommand, type WorkflowCommand } from './workflow-commands.ts';

interface StepProcess {
  readonly step: string;
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  /** The step's `env` context. */
  readonly env: Readonly<Record<string, string>>;
  /** Inputs, state and what else belongs to this step alone. */
  readonly extra: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface StepEffects {
  readonly succeeded: boolean;
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
}

/** Of this machine's environment, what a step sees too. */
const INHERITED = ['HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'TZ', 'USER', 'SHELL'];

/** Runs a program as a step: with its environment, its commands obeyed, its files read at the end. */
export async function runStepProcess(runtime: JobRuntime, request: StepProcess): Promise<StepEffects> {
  const files = createCommandFiles(runtime.temp);
  const effects = { outputs: {}, state: {} };
  const reader = lineReader(runtime, request.step, effects);
  const exitCode = await runProcess({
    file: request.file,
    arguments: request.arguments,
    cwd: request.cwd,
    env: environment(runtime, request, files),
    onLine: reader,
    signal: request.signal,
    clockRate: runtime.run.clockRate,
  });
  const filesRead = readFiles(runtime, request.step, files, effects);
  if (exitCode !== 0 && !request.signal.aborted) {
    annotate(runtime, request.step, 'error', `Process completed with exit code ${exitCode}.`);
  }
  return { succeeded: exitCode === 0 && filesRead, ...effects };
}

function environment(runtime: JobRuntime, request: StepProcess, files: CommandFiles): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const base = { ...Object.fromEntries(inherited), ...runtime.run.runnerEnv };
  const path = [...runtime.path, dirname(process.execPath), base.PATH ?? process.env.PATH ?? ''].join(delimiter);
  return {
    ...base,
    PATH: path,
    ...request.env,
    ...githubVariables(runtime),
    ...commandFileVariables(files),
    ...idTokenVariables(runtime.credentials),
    ...request.extra,
    RUNNER_TRACKING_ID: runtime.trackingId,
  };
}

function idTokenVariables({ idToken }: JobCredentials): Record<string, string> {
  if (idToken === undefined) return {};
  return { ACTIONS_ID_TOKEN_REQUEST_URL: idToken.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: idToken.token };
}

interface Collected {
  outputs: Record<string, string>;
  state: Record<string, string>;
}

/** Obeys workflow commands line by line; everything else goes to the log. */
function lineReader(runtime: JobRuntime, step: string, collected: Collected): (line: string) => void {
  let resumeAt: string | undefined;
  return (line) => {
    const command = readCommand(line, resumeAt);
    if (resumeAt !== undefined) {
      if (command?.name === resumeAt.toLowerCase()) resumeAt = undefined;
      writeLog(runtime, step, line);
      return;
    }
    if (command?.name === 'stop-commands') {
      resumeAt = tokenOf(command);
      writeLog(runtime, step, line);
      return;
    }
    if (command === undefined || !obey(runtime, step, command, collected)) writeLog(runtime, step, line);
  };
}

/** A token that is a command itself would never resume anything: the runner refuses it. */
function tokenOf({ value }: WorkflowCommand): string | undefined {
  return value === '' || value === 'pause-logging' || COMMANDS.has(value.toLowerCase()) ? undefined : value;
}

function obey(
  runtime: JobRuntime,
  step: string,
  { name, properties, value }: WorkflowCommand,
  collected: Collected,
): boolean {
  switch (name) {
    case 'add-mask':
      if (value.trim() === '') {
        annotate(runtime, step, 'warning', "Can't add secret mask for empty string in ##[add-mask] command.");
      }
      runtime.masker.add(value);
      return true;
    case 'error':
    case 'warning':
    case 'notice':
      annotate(runtime, step, name, value);
      return true;
    case 'debug':
      if (isDebugging(runtime)) writeLog(runtime, step, `##[debug]${value}`);
      return true;
    case 'group':
      writeLog(runtime, step, `##[group]${value}`);
      return true;
    case 'endgroup':
      writeLog(runtime, step, '##[endgroup]');
      return true;
    case 'set-output':
    case 'save-state': {
      const target = name === 'set-output' ? collected.outputs : collected.state;
      target[properties.name ?? ''] = value;
      const message = `The \`${name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.`;
      annotate(runtime, step, 'warning', message);
      return true;
    }
    case 'set-env':
    case 'add-path':
      annotate(
        runtime,
        step,
        'error',
        `The \`${name}\` command is disabled. Please upgrade to using Environment Files.`,
      );
      return true;
    default:
      return ['add-matcher', 'remove-matcher', 'echo'].includes(name);
  }
}

function isDebugging({ contexts }: JobRuntime): boolean {
  return (contexts.runner as Record<string, Json>).debug === '1';
}

/** Takes over what the step wrote to its files; false when one of them cannot be understood. */
function readFiles(runtime: JobRuntime, step: string, files: CommandFiles, collected: Collected): boolean {
  let understood = true;
  const read = (name: string, take: () => void) => {
    try {
      take();
    } catch (error) {
      annotate(runtime, step, 'error', `Unable to process file command '${name}' successfully.`);
      annotate(runtime, step, 'error', messageOf(error));
      understood = false;
    }
  };
  read('output', () => Object.assign(collected.outputs, readPairs(files.output)));
  read('state', () => Object.assign(collected.state, readPairs(files.state)));
  read('env', () => {
    const { NODE_OPTIONS: refused, ...variables } = readPairs(files.env);
    if (refused !== undefined)
      throw new Error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    Object.assign(runtime.env, variables);
  });
  read('path', () => {
    for (const folder of readLines(files.path)) if (existsSync(folder)) runtime.path.unshift(folder);
  });
  const summary = readSummary(files.step_summary);
  if ('tooLargeKiB' in summary) {
    const limit = `supports content up a size of ${SUMMARY_LIMIT_KIB}k, got ${summary.tooLargeKiB}k.`;
    annotate(runtime, step, 'error', `$GITHUB_STEP_SUMMARY upload aborted, ${limit}`);
  } else if (summary.text !== '') {
    const text = runtime.masker.mask(summary.text);
    runtime.run.summaries.push({ job: runtime.key, text });
    runtime.run.emit({ kind: 'summary', job: runtime.key, step, text });
  }
  return understood;
}
