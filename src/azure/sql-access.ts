import { type AzureSaid, Stop } from '../errors.ts';
import {
  type Clock,
  hasNumber,
  type Log,
  type NoConnection,
  type Sql,
  type SqlConnection,
  SqlError,
  type SqlTarget,
} from '../ports.ts';
import { waitFor } from '../wait.ts';
import type { Arm } from './arm.ts';
import { databaseIsBusy } from './conflicts.ts';
import { azureSaid } from './failure.ts';
import { deleteFirewallRule, putFirewallRule } from './firewall.ts';
import type { Server } from './servers.ts';

/** A firewall rule that this run opened and must close. */
export interface OpenedRule {
  readonly serverId: string;
  readonly name: string;
}

/** A server, and where to connect to it unless that is its `hostName`. */
export interface SqlServer extends Server {
  /** Whether a phase that changes something may let the runner in; see {@link mayOpenRules}. */
  readonly opensRules: boolean;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

export interface SqlAccessOptions {
  readonly arm: Arm;
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Where a database lies, and its name there. Asked whenever it is needed: it may be found out later. */
  readonly place: (database: string) => { readonly server: SqlServer; readonly name: string };
  /** Undefined: a token of the signed-in identity, a new one for each connection. */
  readonly login?: { readonly user: string; readonly password: string } | undefined;
  /** How our sessions are known in `sys.dm_exec_sessions`. */
  readonly programName: string;
  /** Names a rule, see {@link firewallRuleName}; called once for each refused address. */
  readonly ruleName: () => string;
  /** Called before a rule is opened, so that `post` closes it even when we are killed in between. */
  readonly onOpening: (rule: OpenedRule) => void;
}

/** Opens connections to databases. */
export interface SqlAccess {
  /**
   * A connection of its own. Waits for a paused or busy database, and for the firewall, up to five minutes.
   * @param mayOpenFirewall false for reading phases and dry runs: what cannot be looked at is said so
   */
  open(database: string, mayOpenFirewall: boolean): Promise<SqlConnection>;
  /** Closes the firewall rules that were opened here. */
  closeFirewall(): Promise<void>;
}

/** https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues */
const PASSING = [4060, 4221, 10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920, 0];
const FIREWALL_REFUSED = 40615;
const PUBLIC_ACCESS_DENIED = [47073, 40914];
const OLD_TLS = 47072;
const LOGIN_FAILED = 18456;
const PATIENCE_MS: Readonly<Record<number, number>> = { 0: 60_000, 4060: 60_000 };
const FIREWALL_MS = 300_000;

/** What to do, by why no connection came about. */
const NO_CONNECTION: Readonly<Record<NoConnection, (host: string) => string>> = {
  'no-such-host': (host) =>
    `This runner finds no address for ${host}. With a private endpoint, use a runner whose network resolves its private DNS zone; otherwise check input sql-access.`,
  certificate: (host) =>
    `Something else than ${host} answered there, or the runner does not trust who signed its certificate (a proxy that looks into connections?). Name the server by its own name, or give the runner that authority with NODE_EXTRA_CA_CERTS.`,
  tls: (host) =>
    `${host} and the action speak no common version of TLS: the action offers 1.2, and 1.3 (with TDS 8) where the server's minimal TLS version is 1.3. Look for a proxy in between, or set the minimal TLS version to 1.2: az sql server update --minimal-tls-version 1.2.`,
};

export function sqlAccess(options: SqlAccessOptions): SqlAccess {
  const { clock, log, signal } = options;
  /** By server and refused address: runners behind several addresses are refused more than once. */
  const rules = new Map<string, { rule: OpenedRule; opened: Promise<void> }>();

  const letIn = (server: Server, error: SqlError): Promise<void> => {
    const address = refusedAddress(error);
    const key = `${server.id} ${address}`;
    const known = rules.get(key);
    if (known) return known.opened;
    const rule = { serverId: server.id, name: options.ruleName() };
    options.onOpening(rule);
    log.info(`The firewall of ${server.name} refuses this runner (${address}); opening rule ${rule.name} for it.`);
    const opened = waitFor(clock, log, {
      what: `firewall rule ${rule.name}`,
      deadlineMs: FIREWALL_MS,
      otherwise: 'Wait until the other operation on the server has ended, then run the phase again.',
      signal,
      async look() {
        try {
          return { done: await putFirewallRule(options.arm, server.id, rule.name, address) };
        } catch (error) {
          const said = azureSaid(error);
          if (!databaseIsBusy(said)) throw error;
          return { seen: said?.message ?? '' };
        }
      },
    });
    rules.set(key, { rule, opened });
    return opened;
  };

  return {
    async open(database, mayOpenFirewall) {
      const { server, name } = options.place(database);
      const startedAt = clock.now();
      return waitFor<SqlConnection>(clock, log, {
        what: `a connection to database ${name} on ${server.name}`,
        deadlineMs: FIREWALL_MS,
        otherwise: 'Look at the server in the Azure portal, then run the phase again.',
        signal,
        async look() {
          try {
            return { done: await options.sql.connect(await targetOf(options, server, name)) };
          } catch (error) {
            if (!(error instanceof SqlError)) throw error;
            if (hasNumber(error, FIREWALL_REFUSED) && mayOpenFirewall && server.opensRules) await letIn(server, error);
            else if (!isWorthWaiting(error, clock.now() - startedAt)) throw refused(options, server, name, error);
            return { seen: error.message };
          }
        },
      });
    },
    async closeFirewall() {
      for (const [key, { rule, opened }] of rules) {
        await opened.catch(() => undefined);
        await deleteFirewallRule(options.arm, rule.serverId, rule.name);
        rules.delete(key);
      }
    },
  };
}

/** A rule lets in whoever has the address; where there is a private way in, that is more than anybody asked for. */
export function mayOpenRules(
  { openFirewall }: { readonly openFirewall: boolean | undefined },
  server: Pick<Server, 'privateEndpoint'> | undefined,
): boolean {
  return openFirewall ?? server?.privateEndpoint !== true;
}

/** `zdd-<deployment id>-<run id>-<attempt>-<random>`: no two jobs share a rule, and strays are found by their prefix. */
export function firewallRuleName(deploymentId: string, runId: string, attempt: number, random: string): string {
  return ['zdd', deploymentId || 'none', runId || 'local', attempt, random].join('-');
}

/** Reads {@link firewallRuleName} back: the id of the deployment, `none` where there was none yet; undefined for any other name. */
export function deploymentOfRule(name: string): string | undefined {
  return /^zdd-(\d{8}-[a-z0-9]{5}|none)-[\w.-]+-\d+-[0-9a-f]{8}$/.exec(name)?.[1];
}

async function targetOf(options: SqlAccessOptions, server: SqlServer, database: string): Promise<SqlTarget> {
  const { arm, login, programName } = options;
  const { port } = server;
  return {
    host: server.host ?? server.hostName,
    ...(port === undefined ? {} : { port }),
    database,
    programName,
    ...(asksForTls13(server) ? { encrypt: 'strict' as const } : {}),
    login: login ? { kind: 'password', ...login } : { kind: 'token', token: await arm.token(arm.cloud.sqlScope) },
  };
}

/** https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings#minimal-tls-version */
function asksForTls13({ minimalTlsVersion }: SqlServer): boolean {
  return minimalTlsVersion === '1.3';
}

/** A paused database wakes up by our knocking; a name that is wrong or a host that does not answer is not waited for as long. */
function isWorthWaiting(error: SqlError, waitedMs: number): boolean {
  // Names and certificates are no weather.
  if (error.noConnection) return false;
  const passing = error.numbers.find((number) => PASSING.includes(number));
  return passing !== undefined && waitedMs < (PATIENCE_MS[passing] ?? FIREWALL_MS);
}

function refusedAddress(error: SqlError): string {
  const address = /IP address '([^']+)'/.exec(error.message)?.[1];
  if (address !== undefined) return address;
  throw new Stop('failed', `The firewall refused us without naming our address: ${error.message}`, 'Open it by hand.');
}

function refused(options: SqlAccessOptions, server: SqlServer, database: string, error: SqlError): Stop {
  const { host = server.hostName } = server;
  const said: AzureSaid = { code: `SQL ${error.number}`, message: error.message, requestId: '', status: 0 };
  return new Stop('failed', `Could not log in to database ${database} on ${host}: ${error.message}`, advice(), {
    azure: said,
    cause: error,
  });

  function advice(): string {
    if (error.noConnection) return NO_CONNECTION[error.noConnection](host);
    if (hasNumber(error, OLD_TLS)) return NO_CONNECTION.tls(host);
    if (hasNumber(error, ...PUBLIC_ACCESS_DENIED) || server.publicNetworkAccess === 'Disabled') {
      return 'The server takes connections from its virtual network or private endpoint only: use a runner that is in that network.';
    }
    if (hasNumber(error, FIREWALL_REFUSED) && !server.opensRules) {
      return 'No firewall rule is opened, because of input open-firewall or because the server has a private endpoint: use a runner in its network (runs-on), or set open-firewall: true.';
    }
    if (hasNumber(error, FIREWALL_REFUSED)) {
      return 'This phase only reads and opens no firewall rule; clone, read-only, switch and deploy do, or open one by hand.';
    }
    if (hasNumber(error, LOGIN_FAILED) && /not currently configured to accept this token/i.test(error.message)) {
      return `The server has no Microsoft Entra administrator: az sql server ad-admin create --server ${server.name} --resource-group <group of the server> --display-name <name of a group> --object-id <its object id>`;
    }
    if (hasNumber(error, LOGIN_FAILED)) {
      return options.login
        ? 'Check user and password in input sql-access.'
        : `Create a user for the identity in the database: CREATE USER [<identity>] FROM EXTERNAL PROVIDER; ALTER ROLE db_owner ADD MEMBER [<identity>];`;
    }
    if (error.number === 0) {
      return `Nothing answered for a minute as an SQL server does, so what hangs up lies in between: let this runner out to ports 1433 and 11000 to 11999 of Azure, and look for a proxy, also one that takes nothing below TLS 1.3${asksForTls13(server) ? '' : ' (the server itself does not ask for it)'}.`;
    }
    return 'Look at the server in the Azure portal, then run the phase again.';
  }
}
