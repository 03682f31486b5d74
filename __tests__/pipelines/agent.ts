import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';

/**
 * An agent of Azure DevOps, as far as the pipelines of docs/azure-devops.md go: stages in order, macros, checkouts, artifacts and
 * logging commands. What it does not know it refuses.
 */
export interface Agent {
  /** Plays one pipeline; the result of each stage that ran, and what was said. */
  play(pipeline: string, more: { readonly parameters?: Texts; readonly append?: Texts }): Promise<Played>;
}

export interface Played {
  readonly stages: Readonly<Record<string, 'succeeded' | 'failed'>>;
  /** Stages before which the checks of an environment were asked, with the environment. */
  readonly gates: readonly string[];
  readonly outputs: Texts;
  readonly issues: readonly string[];
  readonly log: string;
}

type Texts = Readonly<Record<string, string>>;

interface Step {
  readonly checkout?: string;
  readonly path?: string;
  readonly script?: string;
  readonly publish?: string;
  readonly download?: string;
  readonly artifact?: string;
  readonly task?: string;
  readonly inputs?: Texts;
  readonly env?: Texts;
}

interface Job {
  readonly environment?: string;
  readonly steps?: readonly Step[];
  readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly Step[] } } };
}

interface Stage {
  readonly stage: string;
  readonly condition?: string;
  readonly jobs: readonly Job[];
}

/**
 * @param repositories folders of the repositories by the name by which they are checked out
 * @param job what the agent and AzureCLI@2 set, see `tokenService`
 */
export function startAgent(repositories: Texts, job: Texts): Agent {
  const artifacts: Record<string, string> = {};
  let runs = 100;
  return {
    async play(pipeline, { parameters = {}, append = {} }) {
      const file = parse(pipeline);
      const run = {
        build: String(++runs),
        stages: {} as Record<string, 'succeeded' | 'failed'>,
        gates: [] as string[],
      };
      const heard = { outputs: {} as Record<string, string>, issues: [] as string[], log: '' };
      let isFailed = false;
      for (const stage of file.stages as readonly Stage[]) {
        if (isFailed && stage.condition !== 'always()') continue;
        let result: 'succeeded' | 'failed' = 'succeeded';
        for (const each of stage.jobs) {
          if (each.environment) run.gates.push(`${stage.stage}: ${each.environment}`);
          const workspace = mkdtempSync(join(tmpdir(), 'zdd-agent-'));
          const variables = variablesOf(file.variables, append, workspace, run.build);
          const fill = (text: string) =>
            macros(
              text.replaceAll(/\$\{\{ parameters\.(\w+) \}\}/g, (_, name) => parameters[name] ?? ''),
              variables,
            );
          for (const step of each.steps ?? each.strategy?.runOnce.deploy.steps ?? []) {
            const said = await doStep(step, {
              fill,
              workspace,
              repositories,
              artifacts,
              job: { ...job, BUILD_BUILDID: run.build },
            });
            hear(said.log, heard);
            if (said.code === 0) continue;
            result = 'failed';
            break;
          }
        }
        run.stages[stage.stage] = result;
        isFailed ||= result === 'failed';
      }
      return { stages: run.stages, gates: run.gates, ...heard };
    },
  };
}

function variablesOf(written: Texts, append: Texts, workspace: string, build: string): Texts {
  const own = Object.entries(written).map(([name, value]) => [name, `${value} ${append[name] ?? ''}`.trim()]);
  return {
    ...Object.fromEntries(own),
    'Pipeline.Workspace': workspace,
    'Build.SourcesDirectory': join(workspace, 's'),
    'Build.BuildId': build,
    'System.AccessToken': 'token-of-the-job',
  };
}

/** `$(name)`, also inside of values; a name that nobody set stays as it is, as the agent leaves it. */
function macros(text: string, variables: Texts, depth = 0): string {
  if (depth > 5) return text;
  const filled = text.replaceAll(/\$\(([\w.]+)\)/g, (all, name: string) => variables[name] ?? all);
  return filled === text ? text : macros(filled, variables, depth + 1);
}

interface Around {
  readonly fill: (text: string) => string;
  readonly workspace: string;
  readonly repositories: Texts;
  readonly artifacts: Record<string, string>;
  readonly job: Texts;
}

async function doStep(step: Step, around: Around): Promise<{ code: number; log: string }> {
  const { fill, workspace, repositories, artifacts, job } = around;
  const done = { code: 0, log: '' };
  const sources = join(workspace, 's');
  if (step.checkout !== undefined) {
    const from = repositories[step.checkout];
    if (from === undefined) throw new Error(`There is no repository ${step.checkout}.`);
    const to = join(workspace, step.path ?? 's');
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(from, to);
    return done;
  }
  mkdirSync(sources, { recursive: true });
  if (step.publish !== undefined && step.artifact !== undefined) {
    artifacts[step.artifact] = fill(step.publish);
    return done;
  }
  if (step.download === 'current' && step.artifact !== undefined) {
    const from = artifacts[step.artifact];
    if (from === undefined) throw new Error(`There is no artifact ${step.artifact}.`);
    mkdirSync(join(workspace, step.artifact));
    copyFileSync(from, join(workspace, step.artifact, basename(from)));
    return done;
  }
  if (step.task === 'UseNode@1') return done;
  if (step.script !== undefined) return bash(fill(step.script), sources, { ...common(workspace, job) });
  if (step.task === 'AzureCLI@2') {
    const { scriptType, scriptLocation, inlineScript = '', workingDirectory } = step.inputs ?? {};
    if (scriptType !== 'bash' || scriptLocation !== 'inlineScript') throw new Error('Only bash inline is played.');
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)]));
    return bash(fill(inlineScript), workingDirectory ? fill(workingDirectory) : sources, {
      ...common(workspace, job),
      ...env,
    });
  }
  throw new Error(`The agent does not know ${JSON.stringify(step)}.`);
}

/** https://learn.microsoft.com/azure/devops/pipelines/build/variables */
function common(workspace: string, job: Texts): Texts {
  return {
    PATH: [dirname(process.execPath), process.env.PATH].join(':'),
    TF_BUILD: 'True',
    AGENT_TEMPDIRECTORY: workspace,
    SYSTEM_TEAMPROJECT: 'Contoso Shop',
    BUILD_DEFINITIONNAME: 'deploy',
    BUILD_REQUESTEDFOR: 'Ada Lovelace',
    SYSTEM_STAGEATTEMPT: '1',
    ...job,
  };
}

function bash(script: string, cwd: string, env: Texts): Promise<{ code: number; log: string }> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
    child.once('close', (code) => resolve({ code: code ?? 1, log }));
  });
}

/** https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands */
function hear(log: string, heard: { outputs: Record<string, string>; issues: string[]; log: string }): void {
  const secrets = new Set<string>();
  for (const line of log.split('\n')) {
    const [, name = '', properties = '', value = ''] = /^##vso\[([\w.]+)([^\]]*)\](.*)$/.exec(line) ?? [];
    const text = value.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%AZP25', '%');
    if (name === 'task.setsecret') secrets.add(text);
    else if (name === 'task.setvariable') heard.outputs[/variable=([^;]+)/.exec(properties)?.[1] ?? ''] = text;
    else if (name === 'task.logissue') heard.issues.push(text);
    const shown = name === 'task.setsecret' ? '' : line;
    heard.log += `${[...secrets].reduce((left, secret) => left.replaceAll(secret, '***'), shown)}\n`;
  }
}
