import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { StepRequest } from './action-step.ts';
import { Unmodelled } from './contract.ts';
import { evaluate, text } from './expressions.ts';
import { type JobRuntime, stepScope, writeLog } from './job-runtime.ts';
import { runStepProcess, type StepEffects } from './step-process.ts';

/** actions/runner src/Runner.Worker/Handlers/ScriptHandlerHelpers.cs. */
const SHELLS: Readonly<Record<string, { readonly command: string; readonly extension: string }>> = {
  bash: { command: 'bash --noprofile --norc -e -o pipefail {0}', extension: '.sh' },
  sh: { command: 'sh -e {0}', extension: '.sh' },
  python: { command: 'python {0}', extension: '.py' },
};

/** Runs a `run` step: the script in a file, in its shell. */
export async function runScriptStep({ runtime, step, name, env, signal }: StepRequest): Promise<StepEffects> {
  const scope = stepScope(runtime, env);
  const script = text(step.fields.get('run'), scope);
  const shell = text(step.fields.get('shell'), scope) || defaultOf(runtime, 'shell');
  const folder = text(step.fields.get('working-directory'), scope) || defaultOf(runtime, 'working-directory');
  const { command, extension } = shell === '' ? unnamedShell() : (SHELLS[shell] ?? { command: shell, extension: '' });
  if (!command.includes('{0}')) throw new Unmodelled(`the shell "${shell}"`);
  const file = join(runtime.temp, `${randomUUID()}${extension}`);
  writeFileSync(file, script.endsWith('\n') ? script : `${script}\n`);
  writeLog(runtime, name, `##[group]Run ${script.trim().split('\n')[0]}`);
  for (const line of script.trimEnd().split('\n')) writeLog(runtime, name, line);
  writeLog(runtime, name, '##[endgroup]');
  const [program = '', ...words] = command.split(' ');
  return runStepProcess(runtime, {
    step: name,
    file: program,
    arguments: words.map((word) => word.replace('{0}', file)),
    cwd: resolve(runtime.workspace, folder),
    env,
    extra: { GITHUB_ACTION: step.id },
    signal,
  });
}

/** bash, or sh on a machine without it. */
function unnamedShell(): { command: string; extension: string } {
  const found = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'bash')));
  return { command: `${found ? 'bash' : 'sh'} -e {0}`, extension: '.sh' };
}

/** `defaults.run` of the job, else of the workflow. */
function defaultOf(runtime: JobRuntime, key: 'shell' | 'working-directory'): string {
  for (const fields of [runtime.job.fields, runtime.workflow.fields]) {
    const defaults = evaluate(fields.get('defaults'), { contexts: runtime.contexts });
    const run = (defaults as { run?: Record<string, unknown> } | null)?.run?.[key];
    if (typeof run === 'string') return run;
  }
  return '';
}
