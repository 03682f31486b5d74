import { oidcAssertion } from '../azure/oidc.ts';
import type { Stop } from '../errors.ts';
import type { KeyValue, Settings } from '../settings/settings.ts';
import { seconds } from '../wait.ts';
import type { Context } from './context.ts';

const TELL_EVERY_MS = 60_000;

/** A command of the user: which input it is, what it sees, and what its failure leaves behind. */
export interface UserCommand {
  readonly input: 'setup-command' | 'copy-command' | 'migrate-command' | 'after-start-command' | 'hook-command';
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The failure for people, from what happened and the first part of what to do. */
  readonly failure: (happened: string, next: string) => Stop;
}

/** Runs it in the workspace, with a limit of time. Throws its failure. */
export async function runUserCommand(context: Pick<Context, 'ports' | 'signal'>, settings: Settings, its: UserCommand) {
  // Whoever tells others needs no way in to Azure, and visitors may wait for the token.
  const signIn = its.input === 'hook-command' ? {} : await signInOf(context, settings);
  const environment = { ...its.environment, ...signIn, ...ownOf(settings, its.input) };
  const { exitCode } = await context.ports.log.group(its.input, () => inTime(context, settings, its, environment));
  if (exitCode !== 0)
    throw its.failure(`${its.input} ended with exit code ${exitCode}.`, 'Fix the command or the build');
}

/** Visitors may wait meanwhile: a line a minute, and its processes end with the limit. https://github.com/prisma/orm/issues/6371 */
async function inTime(
  { ports, signal }: Pick<Context, 'ports' | 'signal'>,
  settings: Settings,
  its: UserCommand,
  environment: Readonly<Record<string, string>>,
) {
  const { seconds: allowed, name } = limitOf(settings, its.input);
  const limitMs = allowed * 1000;
  const limit = new AbortController();
  const ended = new AbortController();
  const telling = tell(ports, its.input, limitMs, ended.signal).then(
    () =>
      limit.abort(
        its.failure(
          `${its.input} was ended: it ran for longer than ${seconds(limitMs)} (${name}).`,
          `Find out what it waits for, or give it more time with ${name}`,
        ),
      ),
    () => undefined,
  );
  try {
    return await ports.run(its.command, environment, AbortSignal.any([signal, limit.signal]));
  } finally {
    ended.abort();
    await telling;
  }
}

function limitOf(settings: Settings, input: UserCommand['input']): { readonly seconds: number; readonly name: string } {
  return input === 'hook-command'
    ? { seconds: settings.hooks.timeout, name: 'hook-timeout' }
    : { seconds: settings.migrateTimeout, name: 'migrate-timeout' };
}

/** Resolves when the time is over. */
async function tell(
  { clock, log }: Context['ports'],
  input: UserCommand['input'],
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = clock.now();
  for (let ran = 0; ran < limitMs; ran = clock.now() - startedAt) {
    if (ran > 0) log.info(`${input} has been running for ${seconds(ran)}, and may for ${seconds(limitMs)}.`);
    await clock.sleep(Math.min(TELL_EVERY_MS, limitMs - ran), signal);
  }
}

/** What the commands sign in to Azure with, when they may. The token lives some minutes, so each command gets its own. */
async function signInOf({ ports, signal }: Pick<Context, 'ports' | 'signal'>, settings: Settings) {
  const { clientId, tenantId, subscriptionId, oidc, clientSecret } = settings.identity;
  if (!settings.commandsSignIn) return {};
  return {
    ...(clientId === undefined ? {} : { AZURE_CLIENT_ID: clientId }),
    ...(tenantId === undefined ? {} : { AZURE_TENANT_ID: tenantId }),
    ...(subscriptionId === undefined ? {} : { AZURE_SUBSCRIPTION_ID: subscriptionId }),
    ...(oidc ? { [ID_TOKEN]: await oidcAssertion(oidc, { ...ports, signal }) } : {}),
    ...(oidc === undefined && clientSecret !== undefined ? { AZURE_CLIENT_SECRET: clientSecret } : {}),
  };
}

/** The variable with which a command signs in by OIDC. */
export const ID_TOKEN = 'ZDD_ID_TOKEN';

function ownOf(settings: Settings, input: UserCommand['input']): Readonly<Record<string, string>> {
  return Object.fromEntries(linesOf(settings, input).map(({ name, value }) => [name, value]));
}

function linesOf(settings: Settings, input: UserCommand['input']): readonly KeyValue[] {
  switch (input) {
    case 'setup-command':
      return settings.setupEnv;
    case 'copy-command':
      return settings.copyEnv;
    case 'migrate-command':
      return settings.migrateEnv;
    case 'after-start-command':
      return settings.afterStartEnv;
    case 'hook-command':
      return settings.hookEnv;
  }
}
