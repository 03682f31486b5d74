import { type LoginRequest, login, logout } from '../sql/sessions.ts';
import { connectionStringsIn } from '../web/environment.ts';
import { clientIdOf } from '../web/identity.ts';
import { planOf, siteOf, slotOfInstance } from '../web/lookup.ts';
import type { AbstractApp, Identity } from '../web/state.ts';
import type { World } from '../world.ts';
import type { Kind } from './build.ts';
import { understand } from './connection-string.ts';

/** An address of Azure's, as a server's firewall sees app instances. */
export const OUTBOUND = '20.50.2.1';

const INSIDE_THE_NETWORK = '10.1.0.4';

/** What opens sessions: an instance of an app, or a WebJob. */
interface Client extends Pick<Kind, 'driver' | 'connectsBy' | 'brings'> {
  readonly id: string;
  readonly identity?: Identity | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** Opens a session for every SQL connection string that has none; notes what the server refused. */
export function connectTo(world: World, app: AbstractApp, client: Client, now: number): void {
  delete app.fault;
  for (const [name, text] of Object.entries(stringsOf(world, client))) {
    const open = app.sessions[name];
    if (open !== undefined && world.sql.sessions[open] !== undefined) continue;
    delete app.sessions[name];
    const target = understand(text);
    if (target === undefined) continue;
    const { identity, ...where } = target;
    const clientId = identity === undefined ? undefined : clientIdOf(world, client, identity);
    const signedIn = clientId === undefined ? where : { host: where.host, database: where.database, clientId };
    const result = login(world, { ...signedIn, ...processOf(world, client), from: addressOf(world, client) }, now);
    if (result.kind === 'session') app.sessions[name] = result.sessionId;
    else app.fault ??= result.message;
  }
}

/** Closes sessions. */
export function disconnect(world: World, sessions: Readonly<Record<string, number>>, now: number): void {
  for (const sessionId of Object.values(sessions)) logout(world, sessionId, now);
}

/** Connection strings, what the application finds in the app settings that it looks at, and what it brings itself. */
function stringsOf(world: World, { environment, connectsBy = [], brings }: Client): Record<string, string> {
  const given = connectionStringsIn(environment);
  const row = environment[brings?.rowIn ?? ''];
  if (row !== undefined) return { ...given, ...world.stores?.[row] };
  if (brings?.keysIn !== undefined) {
    const keys = brings.keysIn.map((name) => environment[name] ?? '');
    const texts = keys.map((key) => [key, environment[key] ?? brings.strings[key]] as const);
    return Object.fromEntries(texts.filter((text): text is readonly [string, string] => text[1] !== undefined));
  }
  const found = brings?.from === 'web.config' ? { ...brings.strings, ...given } : { ...given, ...brings?.strings };
  for (const name of connectsBy) {
    const text = environment[name];
    if (text !== undefined) found[name] = text;
  }
  return found;
}

/** Where the server sees it come from: an address of Azure's, or of the network that its slot sends through. */
function addressOf(world: World, { id }: Client): string {
  const subnet = slotOfInstance(world, id)?.properties.virtualNetworkSubnetId;
  return typeof subnet === 'string' ? INSIDE_THE_NETWORK : OUTBOUND;
}

/**
 * Which process the server sees: the pair of host name and process id is unique to the client, where the driver sends it. Apps of a
 * Windows plan share their workers; on Linux every app runs in a container, whose name is the host.
 */
export function processOf(
  world: World,
  { id, driver }: Pick<Client, 'id' | 'driver'>,
): Pick<LoginRequest, 'hostName' | 'programName' | 'hostProcessId'> {
  if (driver === 'tiberius') return { hostName: '', programName: 'tiberius', hostProcessId: 0 };
  return {
    hostName: machineOf(world, id),
    programName: 'Core Microsoft SqlClient Data Provider',
    hostProcessId: numberFrom(id, 2_000_000_011),
  };
}

/** A WebJob runs beside its app; the model's apps share a plan. */
function machineOf(world: World, id: string): string {
  const [first] = Object.values(world.web.plans);
  const slot = slotOfInstance(world, id);
  const plan = slot === undefined ? first : planOf(world, siteOf(world, slot));
  return plan === undefined || plan.reserved
    ? id.replaceAll('-', '').slice(0, 12)
    : `PD1SDWK${numberFrom(plan.name, 65_536).toString(16).padStart(6, '0').toUpperCase()}`;
}

function numberFrom(text: string, below: number): number {
  let number = 0;
  for (const letter of text) number = (number * 31 + letter.charCodeAt(0)) % below;
  return number;
}
