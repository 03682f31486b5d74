import { readFileSync } from 'node:fs';
import { ARM, type Azure, type Json, SQL } from './azure.ts';

/** A resource group of the run's own, and what lies in it. */
export interface Place {
  readonly group: string;
  readonly site: string;
  readonly server: string;
  readonly database: string;
  readonly location: string;
  /** The server's administrator. */
  readonly login: { readonly sqlUser: string; readonly sqlPassword: string };
}

/** Where in Azure, and the last part of every name. */
export interface Spot {
  readonly subscription: string;
  readonly location: string;
  readonly id: string;
}

/** What the app runs on. */
interface System {
  readonly reserved: boolean;
  readonly planKind: string;
  readonly appKind: string;
}

const WINDOWS: System = { reserved: false, planKind: 'app', appKind: 'app' };
export const LINUX: System = { reserved: true, planKind: 'linux', appKind: 'app,linux' };

/** Known by this tag, so that what a killed run left is found. Its value is when the group may go, in ms since the epoch. */
const TAG = 'zdd-conformance';
const PREFIX = 'zdd-conformance-';
const LIFETIME_MS = 4 * 3_600_000;

/** Makes a resource group with a plan, an app, a server and a database, by the template beside this file. */
export async function makePlace(
  azure: Azure,
  { subscription, location, id }: Spot,
  system: System = WINDOWS,
): Promise<Place> {
  const group = `/subscriptions/${subscription}/resourceGroups/${PREFIX}${id}`;
  const tags = { [TAG]: String(azure.now() + LIFETIME_MS) };
  const made = await azure.ask('PUT', group, { location, tags }, ARM);
  if (made.status >= 300) throw new Error(`Azure made no resource group: ${made.status} ${made.text}`);
  const name = `zdd-conf-${id}`;
  const place: Place = {
    group,
    site: `${group}/providers/Microsoft.Web/sites/${name}`,
    server: `${group}/providers/Microsoft.Sql/servers/${name}`,
    database: `${group}/providers/Microsoft.Sql/servers/${name}/databases/shop`,
    location,
    login: { sqlUser: 'zddadmin', sqlPassword: `Aa1~${crypto.randomUUID()}` },
  };
  const values = {
    location,
    plan: name,
    app: name,
    server: name,
    database: `${name}/shop`,
    planId: `${group}/providers/Microsoft.Web/serverfarms/${name}`,
    serverId: place.server,
    login: place.login.sqlUser,
    password: place.login.sqlPassword,
    ...system,
  };
  const parameters = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }]));
  const template: unknown = JSON.parse(readFileSync(new URL('template.json', import.meta.url), 'utf8'));
  const deployment = `${group}/providers/Microsoft.Resources/deployments/conformance`;
  const begun = await azure.ask('PUT', deployment, { properties: { mode: 'Incremental', template, parameters } }, ARM);
  if (begun.status >= 300) throw new Error(`Azure took no template: ${begun.status} ${begun.text}`);
  const ended = await azure.until(
    () => azure.ask('GET', deployment, undefined, ARM),
    ({ body }) => /Succeeded|Failed|Canceled/.test(stateOf(body)),
  );
  if (stateOf(ended.body) !== 'Succeeded') throw new Error(`The template was not deployed: ${ended.text}`);
  return place;
}

/** Removes the resource group with all that is in it; Azure goes on by itself. */
export async function removePlace(azure: Azure, { group }: Pick<Place, 'group'>): Promise<void> {
  const answered = await azure.ask('DELETE', group, undefined, ARM);
  if (answered.status >= 300 && answered.status !== 404) {
    throw new Error(`Azure did not remove ${group}: ${answered.status} ${answered.text}. Remove it by hand: it costs.`);
  }
}

/** Removes what earlier runs left behind and whose time is over; their names. A group without the tag is nobody's of ours. */
export async function sweep(azure: Azure, subscription: string): Promise<readonly string[]> {
  const { body } = await azure.ask('GET', `/subscriptions/${subscription}/resourcegroups`, undefined, ARM);
  const groups = (Array.isArray(body.value) ? body.value : []) as readonly { id: string; name: string; tags?: Json }[];
  const left = groups.filter(({ name, tags }) => name.startsWith(PREFIX) && Number(tags?.[TAG]) < azure.now());
  for (const { id } of left) await removePlace(azure, { group: id });
  return left.map(({ name }) => name);
}

function stateOf(body: Json): string {
  return String((body.properties as Json | undefined)?.provisioningState ?? '');
}

const A_LOOK = 'a-look';

/** Everybody, for as long as somebody looks: the server lives for an hour, and its password is a random one. */
export async function letThisMachineIn(azure: Azure, { server }: Place): Promise<void> {
  const properties = { startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' };
  const { status, text } = await azure.ask('PUT', `${server}/firewallRules/${A_LOOK}`, { properties }, SQL);
  if (status >= 300) throw new Error(`Azure opened no firewall: ${status} ${text}`);
}

export async function shutThisMachineOut(azure: Azure, { server }: Place): Promise<void> {
  await azure.ask('DELETE', `${server}/firewallRules/${A_LOOK}`, undefined, SQL);
}
