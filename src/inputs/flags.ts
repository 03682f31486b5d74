import { parseArgs } from 'node:util';
import { phaseNames, traitsOf } from '../settings/phases.ts';
import { type InputName, inputDefaults } from './declared.ts';
import type { Environment } from './reader.ts';

/** What a command line asks for: the environment in which the action runs, the usage, or what is wrong with it. */
export type Asked =
  | { readonly environment: Readonly<Record<string, string>> }
  | { readonly usage: string }
  | { readonly wrong: string };

/** Who runs it where, told in the record, in the lease and in the sessions of the database. */
export interface Person {
  readonly user: string;
  readonly host: string;
  /** Makes two runs of one person two runs. */
  readonly started: string;
  readonly folder: string;
}

/** Every input but the phase is a flag of the same name. */
const NAMES = Object.keys(inputDefaults).filter((name): name is InputName => name !== 'phase');

/** Secrets, which everybody on the machine could read on a command line; named as the workflows name them. */
const FROM_ENVIRONMENT: Readonly<Partial<Record<InputName, string>>> = {
  'sql-access': 'ZDD_SQL_ACCESS',
  'probe-headers': 'ZDD_PROBE_HEADERS',
  'clone-connection-settings': 'ZDD_CLONE_CONNECTION_SETTINGS',
  'readonly-settings': 'ZDD_READONLY_SETTINGS',
  'app-settings': 'ZDD_APP_SETTINGS',
  'setup-env': 'ZDD_SETUP_ENV',
  'migrate-env': 'ZDD_MIGRATE_ENV',
  'copy-env': 'ZDD_COPY_ENV',
  'after-start-env': 'ZDD_AFTER_START_ENV',
  'hook-env': 'ZDD_HOOK_ENV',
  'hook-secret': 'ZDD_HOOK_SECRET',
  hooks: 'ZDD_HOOKS',
};

/** Settings, of which some are secrets: the variable has further lines. */
const WITH_FURTHER_LINES: readonly InputName[] = ['clone-connection-settings', 'readonly-settings', 'app-settings'];

/** Reads the arguments after the program's name. What GitHub would have said is said by the person instead. */
export function asked(words: readonly string[], environment: Environment, person: Person): Asked {
  const read = parsed(words);
  if ('wrong' in read) return read;
  if (read.values.help !== undefined) return { usage: usage() };
  const [phase, ...more] = read.positionals;
  if (phase === undefined) return { wrong: `Say which phase to run: ${phaseNames.join(', ')}.` };
  if (more.length > 0) return { wrong: `"${more[0]}" is not a flag. Several phases are written ${phase},${more[0]}.` };
  const inputs: Record<string, string> = { ...fromEnvironment(environment), ...defaultsFor(phase, environment), phase };
  for (const name of NAMES) {
    const [value, ...others] = read.values[name] ?? [];
    if (others.length > 0) return { wrong: `Flag --${name} is given ${others.length + 1} times.` };
    if (value !== undefined) inputs[name] = WITH_FURTHER_LINES.includes(name) ? further(value, inputs[name]) : value;
  }
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const outlet = isPipeline(environment) ? { ZDD_PIPELINE: 'true' } : { ZDD_TERMINAL: 'true' };
  return { environment: { ...context(environment, person), ...Object.fromEntries(given), ...outlet } };
}

function further(value: string, lines: string | undefined): string {
  return lines === undefined ? value : `${value}\n${lines}`;
}

interface Parsed {
  readonly values: Readonly<Partial<Record<string, readonly string[]>>>;
  readonly positionals: readonly string[];
}

function parsed(words: readonly string[]): Parsed | { readonly wrong: string } {
  const options = Object.fromEntries(
    [...NAMES, 'help'].map((name) => [name, { type: 'string', multiple: true }] as const),
  );
  try {
    const { values, positionals } = parseArgs({ args: withValues(words), options, allowPositionals: true });
    return { values, positionals };
  } catch (error) {
    const [sentence] = String(error)
      .replace(/^\w*Error( \[\w+\])?: /, '')
      .split('. ');
    return { wrong: `${sentence}. Flags are the inputs of the action: --${NAMES.join(', --')}.` };
  }
}

/** A flag that stands alone says yes: the input is `true` or `false`. */
function withValues(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const name = word.slice(2);
    const isSwitch = word.startsWith('--') && (name === 'help' || isBoolean(name));
    const next = words[index + 1];
    return isSwitch && next !== 'true' && next !== 'false' ? [`${word}=true`] : [word];
  });
}

function isBoolean(name: string): boolean {
  const otherwise = Object.entries(inputDefaults).find(([input]) => input === name)?.[1];
  return otherwise === 'false';
}

/** Set by the agent of Azure DevOps. https://learn.microsoft.com/azure/devops/pipelines/build/variables */
function isPipeline({ TF_BUILD }: Environment): boolean {
  return TF_BUILD?.toLowerCase() === 'true';
}

/** Whoever types a command means the deployment that is open, unless it opens one; a pipeline means the one of its run. */
function defaultsFor(phase: string, environment: Environment): Record<string, string> {
  if (isPipeline(environment)) return {};
  const names = phaseNames.filter((name) => phase.split(',').includes(name));
  return names.some((name) => traitsOf[name].begins || traitsOf[name].overview) ? {} : { 'deployment-id': 'open' };
}

function fromEnvironment(environment: Environment): Record<string, string> {
  const given = Object.entries(FROM_ENVIRONMENT).map(([name, variable]) => [name, environment[variable]]);
  return Object.fromEntries(given.filter(([, value]) => value));
}

/** https://docs.github.com/actions/reference/workflows-and-actions/variables */
function context(environment: Environment, { user, host, started, folder }: Person): Record<string, string> {
  const {
    SYSTEM_TEAMPROJECT = '',
    BUILD_DEFINITIONNAME = '',
    BUILD_BUILDID = '',
    BUILD_REQUESTEDFOR = '',
  } = environment;
  const own = isPipeline(environment)
    ? {
        GITHUB_REPOSITORY: `${plainWord(SYSTEM_TEAMPROJECT)}/${plainWord(BUILD_DEFINITIONNAME)}`,
        GITHUB_RUN_ID: plainWord(BUILD_BUILDID),
        GITHUB_RUN_ATTEMPT: environment.SYSTEM_STAGEATTEMPT ?? '1',
        GITHUB_ACTOR: plainWord(BUILD_REQUESTEDFOR),
        GITHUB_WORKSPACE: folder,
      }
    : {
        GITHUB_REPOSITORY: `by-hand/${plainWord(host)}`,
        GITHUB_RUN_ID: started,
        GITHUB_ACTOR: plainWord(user),
        GITHUB_WORKSPACE: folder,
      };
  return Object.fromEntries(Object.entries(own).filter(([name]) => !environment[name]));
}

/** Fit for a tag of Azure and for the name of a session. */
function plainWord(text: string): string {
  return text.replaceAll(/[^\w.-]/g, '-').slice(0, 40) || 'somebody';
}

function usage(): string {
  const flags = NAMES.map((name) => `  --${name}${inputDefaults[name] ? ` (${inputDefaults[name]})` : ''}`);
  return [
    'node dist/cli.js <phase> --resource-group <group> --app-name <app> [flags]',
    '',
    'Runs a phase of a zero-downtime deployment without GitHub, signed in as "az login" has signed in.',
    'It works on the open deployment of the app, unless --deployment-id names another.',
    '',
    `Phases, or several separated by commas: ${phaseNames.join(', ')}.`,
    '',
    'Flags are the inputs of the action, with its defaults; README.md says what they mean. Secrets are not for a command line:',
    ...Object.entries(FROM_ENVIRONMENT).map(([name, variable]) => `  ${name} is read from the variable ${variable}`),
    '',
    ...flags,
  ].join('\n');
}
