import { identityUsed } from '../connection-strings/authentication.ts';
import { parseConnectionString } from '../connection-strings/connection-strings.ts';
import type { Check } from '../deployment/check.ts';
import { connectionStrings, migrateEnvironment, TOKEN_VARIABLE } from '../deployment/migrate-environment.ts';
import type { Observed } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, warning } from './verdicts.ts';

const NAME = 'migrate-command';

/**
 * Pure: it runs for the first time in the window, where an empty variable is nobody's mistake any more: what it names must be there,
 * and the runner must be able to sign in with it.
 */
export function checkMigrateCommand(settings: Settings, observed: Observed): readonly Check[] {
  const { migrateCommand: command } = settings;
  if (command === undefined) return [];
  const strings = connectionStrings(settings, observed, 1);
  const there = [
    ...Object.keys(migrateEnvironment(settings, observed, 1)),
    ...(settings.sqlAccess.kind === 'token' ? [TOKEN_VARIABLE] : []),
  ];
  const named = variablesIn(command);
  const missing = named.filter((name) => !there.includes(name));
  const byIdentity = named.filter((name) => identityUsed(strings[name] ?? '') === 'managed');
  return allFine(
    NAME,
    `${named.length === 0 ? 'It names no variable of the action' : `There will be ${listed(named)}`}. No rehearsal runs it: it needs what its job has, in the workspace.`,
    [
      ...missing.map((name) =>
        failed(
          NAME,
          `It names ${name}, which there will not be: there are ${listed(there)}. A reference that only App Service can read is no connection string here.`,
          `Name one of these, or give the string as a secret of the workflow under a name without ZDD_.`,
        ),
      ),
      ...byIdentity.map((name) =>
        warning(
          NAME,
          `${name} signs in with a managed identity of the app${clientOf(strings[name])}, which the runner does not have.`,
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
