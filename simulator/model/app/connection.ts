import { type LoginRequest, login, logout } from '../sql/sessions.ts';
import { connectionStringsIn } from '../web/environment.ts';
import type { Instance } from '../web/state.ts';
import type { World } from '../world.ts';

/** An address of Azure's, as a server's firewall sees app instances. */
const OUTBOUND = '20.50.2.1';

/** Opens a session for every SQL connection string of an instance that has none; says what the server refused. */
export function connect(world: World, instance: Instance, now: number): void {
  const app = world.web.apps[instance.id];
  if (app === undefined) return;
  delete app.fault;
  for (const [name, text] of Object.entries(connectionStringsIn(instance.environment))) {
    const open = app.sessions[name];
    if (open !== undefined && world.sql.sessions[open] !== undefined) continue;
    delete app.sessions[name];
    const target = parse(text);
    if (target === undefined) continue;
    const result = login(world, { ...target, ...processOf(instance) }, now);
    if (result.kind === 'session') app.sessions[name] = result.sessionId;
    else app.fault ??= result.message;
  }
}

/** Closes every session of an instance. */
export function disconnect(world: World, instanceId: string, now: number): void {
  for (const sessionId of Object.values(world.web.apps[instanceId]?.sessions ?? {})) logout(world, sessionId, now);
}

/** Which process the server sees: the pair of host name and process id is unique to the instance. */
function processOf(instance: Instance): Pick<LoginRequest, 'from' | 'hostName' | 'programName' | 'hostProcessId'> {
  return {
    from: OUTBOUND,
    hostName: `pd1sdwk${instance.id.slice(0, 8)}`.toUpperCase(),
    programName: 'Core Microsoft SqlClient Data Provider',
    hostProcessId: Number.parseInt(instance.id.slice(0, 8), 16) % 60_000,
  };
}

/** Host, database and sign-in of an ADO.NET connection string; undefined when it is none of SQL Server. */
function parse(text: string): Pick<LoginRequest, 'host' | 'database' | 'user' | 'password'> | undefined {
  const parts: Record<string, string> = {};
  for (const part of text.split(';')) {
    const at = part.indexOf('=');
    if (at > 0) parts[part.slice(0, at).trim().toLowerCase()] = part.slice(at + 1).trim();
  }
  const server = parts.server ?? parts['data source'];
  const database = parts.database ?? parts['initial catalog'];
  if (server === undefined || database === undefined) return undefined;
  return {
    host: server.replace(/^tcp:/i, '').replace(/,\d+$/, ''),
    database,
    user: parts['user id'] ?? parts.uid ?? '',
    password: parts.password ?? parts.pwd ?? '',
  };
}
