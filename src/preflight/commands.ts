import { identityUsed } from '../connection-strings/authentication.ts';
import { parseConnectionString } from '../connection-strings/connection-strings.ts';
import type { Scene } from '../context/scene.ts';
import { reason } from '../context/seen.ts';
import { ID_TOKEN, runUserCommand } from '../context/user-command.ts';
import type { Check } from '../deployment/check.ts';
import { copyEnvironment } from '../deployment/copy-environment.ts';
import {
  CANDIDATE_VARIABLE,
  connectionStrings,
  migrateEnvironment,
  TOKEN_VARIABLE,
} from '../deployment/migrate-environment.ts';
import type { Observed } from '../deployment/observed.ts';
import type { Look } from '../deployment/partial-look.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, passed, warning } from './verdicts.ts';

const SETUP = 'setup-command';

/** It changes nothing but this runner, so it is run: what is missing here is missing in the window, too. */
export async function checkSetup({ context, settings }: Scene<Look>): Promise<readonly Check[]> {
  const { setupCommand: command } = settings;
  if (command === undefined) return [];
  const unknown = variablesIn(command).filter((name) => !(settings.commandsSignIn && name === ID_TOKEN));
  if (unknown.length > 0) {
    const found = `It names ${listed(unknown)}, which there will not be: it is told of no database.`;
    return [failed(SETUP, found, 'Use it in migrate-command, or give the value with setup-env under another name.')];
  }
  const failure = (happened: string) => new Stop('failed', happened, '');
  try {
    await runUserCommand(context, settings, { input: SETUP, command, environment: {}, failure });
    return [passed(SETUP, 'It was run on this runner, and ended well.')];
  } catch (error) {
    context.signal.throwIfAborted();
    return [failed(SETUP, reason(error), 'Look at its output above: what it brings is needed in the window.')];
  }
}

/**
 * Pure: the other commands run for the first time in the window, where an empty variable is nobody's mistake any more: what they name
 * must be there, and the runner must be able to sign in with it.
 */
export function checkCommands(settings: Settings, observed: Observed): readonly Check[] {
  return [
    ...checkCopyCommand(settings, observed),
    ...checkCommand(settings, observed, 'migrate-command', settings.migrateCommand, []),
    ...checkCommand(settings, observed, 'after-start-command', settings.afterStartCommand, [CANDIDATE_VARIABLE]),
  ];
}

/** It runs before the window, so that what fails in it costs nobody anything; a variable that is empty would, in the store. */
function checkCopyCommand(settings: Settings, observed: Observed): readonly Check[] {
  const { copyCommand: command } = settings;
  if (command === undefined) return [];
  const there = [...Object.keys(copyEnvironment(settings, observed)), ...signIn(settings)];
  const missing = variablesIn(command).filter((each) => !there.includes(each));
  const does = 'Run by "read-only" before the copy is started; the copy must then be seen at work in every clone.';
  return allFine(
    'copy-command',
    does,
    missing.map((each) =>
      failed(
        'copy-command',
        `It names ${each}, which there will not be: there are ${listed(there)}.`,
        'Name one of these, or give the value with copy-env under a name without ZDD_.',
      ),
    ),
  );
}

function signIn({ commandsSignIn, identity }: Settings): readonly string[] {
  return commandsSignIn && identity.oidc ? [ID_TOKEN] : [];
}

function checkCommand(
  settings: Settings,
  observed: Observed,
  name: string,
  command: string | undefined,
  more: readonly string[],
): readonly Check[] {
  if (command === undefined) return [];
  const strings = connectionStrings(settings, observed, 1);
  const there = [
    ...Object.keys(migrateEnvironment(settings, observed, 1)),
    ...(settings.sqlAccess.kind === 'token' ? [TOKEN_VARIABLE] : []),
    ...signIn(settings),
    ...more,
  ];
  const named = variablesIn(command);
  const missing = named.filter((each) => !there.includes(each));
  const byIdentity = named.filter((each) => identityUsed(strings[each] ?? '') === 'managed');
  return allFine(
    name,
    `${named.length === 0 ? 'It names no variable of the action' : `There will be ${listed(named)}`}. No rehearsal runs it: it needs what its job has, in the workspace.`,
    [
      ...missing.map((each) =>
        failed(
          name,
          `It names ${each}, which there will not be: there are ${listed(there)}. A reference that only App Service can read is no connection string here.`,
          `Name one of these, or give the string as a secret of the workflow under a name without ZDD_ (migrate-env).`,
        ),
      ),
      ...byIdentity.map((each) =>
        warning(
          name,
          `${each} signs in with a managed identity of the app${clientOf(strings[each])}, which the runner does not have.`,
          `Use ${TOKEN_VARIABLE} (a token of the identity of this run) with ZDD_SQL_SERVER and ZDD_DATABASE, or let the new build migrate when it starts: docs/cms.md, Updating the database.`,
        ),
      ),
    ],
  );
}

/** What the command reads and does not set itself; `${ZDD_X:-…}` gets along without. */
function variablesIn(command: string): readonly string[] {
  const all = [...command.matchAll(/\bZDD_[A-Z0-9_]+\b(?!\s*=|:?-)/g)].map(([name]) => name);
  const own = new Set([...command.matchAll(/\b(ZDD_[A-Z0-9_]+)\s*=/g)].map(([, name]) => name));
  return [...new Set(all)].filter((name) => !own.has(name));
}

function clientOf(value: string | undefined): string {
  const client = parseConnectionString(value ?? '')?.user;
  return client === undefined ? '' : ` (${client})`;
}
