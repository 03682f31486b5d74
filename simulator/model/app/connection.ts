import { type LoginRequest, login, logout } from '../sql/sessions.ts';
import { connectionStringsIn } from '../web/environment.ts';
import type { AbstractApp } from '../web/state.ts';
import type { World } from '../world.ts';

/** An address of Azure's, as a server's firewall sees app instances. */
export const OUTBOUND = '20.50.2.1';

/** What opens sessions: an instance of an app, or a WebJob. */
interface Client {
  readonly id: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Opens a session for every SQL connection string that has none; notes what the server refused. */
export function connectTo(world: World, app: AbstractApp, client: Client, now: number): void {
  delete app.fault;
  for (const [name, text] of Object.entries(connectionStringsIn(client.environment))) {
    const open = app.sessions[name];
    if (open !== undefined && world.sql.sessions[open] !== undefined) continue;
    delete app.sessions[name];
    const target = parse(text);
    if (target === undefined) continue;
    const result = login(world, { ...target, ...processOf(client) }, now);
    if (result.kind === 'session') app.sessions[name] = result.sessionId;
    else app.fault ??= result.message;
  }
}

/** Closes sessions. */
export function disconnect(world: World, sessions: Readonly<Record<string, number>>, now: number): void {
  for (const sessionId of Object.values(sessions)) logout(world, sessionId, now);
}

/** Which process the server sees: the pair of host name and process id is unique to the client. */
function processOf({ id }: Client): Pick<LoginRequest, 'from' | 'hostName' | 'programName' | 'hostProcessId'> {
  let number = 0;
  for (const letter of id) number = (number * 31 + letter.charCodeAt(0)) % 60_000;
  return {
    from: OUTBOUND,
    hostName: `PD1SDWK${id.slice(0, 8).toUpperCase()}`,
    programName: 'Core Microsoft SqlClient Data Provider',
    hostProcessId: 1000 + number,
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
