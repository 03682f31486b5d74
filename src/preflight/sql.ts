import { azureSaid } from '../azure/failure.ts';
import { quoted } from '../azure/sql-statements.ts';
import type { Check } from '../deployment/check.ts';
import { groupOf, shell } from '../deployment/commands.ts';
import type { Observed, Server } from '../deployment/observed.ts';
import { serverOf } from '../deployment/servers.ts';
import { Stop } from '../errors.ts';
import { SqlError } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';
import type { LookInside } from './inside.ts';
import { allFine, failed, listed, notLookedAt, unseen } from './verdicts.ts';

/** Pure: that we can log in, and may do what the phases do with SQL. */
export function sqlAccessChecks(
  settings: Settings,
  observed: Observed,
  looks: readonly LookInside[],
): readonly Check[] {
  return [...logins(settings, observed, looks), ...permissions(looks)];
}

function logins(settings: Settings, observed: Observed, looks: readonly LookInside[]): readonly Check[] {
  const name = 'SQL login';
  const strict = observed.servers.flatMap((server) => (server.minimalTlsVersion === '1.3' ? [server.name] : []));
  return allFine(
    name,
    `Works in ${listed(looks.map(({ database }) => database))}${strict.length > 0 ? `, with TLS 1.3 (TDS 8), which ${listed(strict)} asks for: what migrate-command runs must speak it, too` : ''}.`,
    looks.flatMap(({ database, inside }): Check[] => {
      if (inside.why === undefined) return [];
      return [unreached(settings, observed, name, database, inside)];
    }),
  );
}

/** https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues */
function unreached(
  settings: Settings,
  observed: Observed,
  name: string,
  database: string,
  { why, error }: { readonly why: string; readonly error?: unknown },
): Check {
  const server = serverOf(observed, database);
  const { code = '', message = '' } = azureSaid(error) ?? {};
  if (code === 'SQL 40615') {
    const address = /IP address '([^']+)'/.exec(message)?.[1] ?? '<address>';
    return notLookedAt(
      name,
      `The firewall of ${server.name} does not let this runner (${address}) in, and preflight opens no rule. So users, permissions, sessions and schema-version-query are not checked here: "clone" opens a rule and checks them before it copies anything.`,
    );
  }
  if (code === 'SQL 47072') {
    return failed(
      name,
      `Server ${server.name} and this runner agree on no version of TLS: ${message}`,
      lowerTls(server),
    );
  }
  if (isHopeless(error)) return failed(name, why, error.next);
  if (code === 'SQL 47073' || code === 'SQL 40914') {
    return failed(
      name,
      `Server ${server.name} takes connections from its network or private endpoint only: ${message}`,
      'Run the action on a runner in that network (runs-on: <label of your own runner>).',
    );
  }
  // The sign-in says so, and how to fix it.
  if (/not currently configured to accept this token/i.test(message)) return notLookedAt(name, why);
  if (code === 'SQL 18456' || code === 'SQL 4060') {
    const user = quoted(userGuess(settings));
    return failed(
      name,
      `Database ${database} does not know us: ${message}`,
      settings.sqlAccess.kind === 'token'
        ? `CREATE USER ${user} FROM EXTERNAL PROVIDER; ALTER ROLE db_owner ADD MEMBER ${user};`
        : `CREATE USER ${user} FOR LOGIN ${user}; ALTER ROLE db_owner ADD MEMBER ${user};`,
    );
  }
  return unseen(name, { why, error });
}

function lowerTls(server: Server): string {
  return `az sql server update --resource-group ${shell(groupOf(server.id))} --name ${shell(server.name)} --minimal-tls-version 1.2`;
}

/** No phase would get further: the name or the certificate is wrong. */
function isHopeless(error: unknown): error is Stop {
  return error instanceof Stop && error.cause instanceof SqlError && error.cause.noConnection !== undefined;
}

function userGuess({ sqlAccess, identity }: Settings): string {
  if (sqlAccess.kind === 'connection-string') return sqlAccess.user;
  return identity.clientId === undefined ? '<name of the identity>' : `<name of the identity ${identity.clientId}>`;
}

function permissions(looks: readonly LookInside[]): readonly Check[] {
  const alter: Check[] = [];
  const see: Check[] = [];
  const seen = looks.flatMap((look) => (look.inside.value ? [{ ...look, inside: look.inside.value }] : []));
  for (const { database, inside, objective, pooled } of seen) {
    const user = quoted(inside.user);
    if (!inside.mayAlter) {
      const found = `User ${inside.user} may not ALTER database ${database}: it could not be set READ_ONLY.`;
      alter.push(failed('SQL permission ALTER', found, `ALTER ROLE db_owner ADD MEMBER ${user};`));
    }
    if (!inside.seesOthers) {
      const found = `User ${inside.user} sees no session but its own in ${database}: that it is quiet could not be measured.`;
      see.push(failed('SQL permission to see sessions', found, seeing(user, objective, pooled)));
    }
  }
  if (seen.length === 0) return [];
  const where = listed(seen.map(({ database }) => database));
  return [
    ...allFine('SQL permission ALTER', `Held in ${where}.`, alter),
    ...allFine('SQL permission to see sessions', `Proven in ${where}: a second connection was seen.`, see),
  ];
}

/** https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-exec-sessions-transact-sql#permissions */
function seeing(user: string, objective: string, pooled: boolean): string {
  return pooled || /^(Basic|S0|S1|ElasticPool)$/i.test(objective)
    ? `ALTER SERVER ROLE ##MS_ServerStateReader## ADD MEMBER ${user}; -- in master, with a login of that name`
    : `GRANT VIEW DATABASE STATE TO ${user};`;
}
