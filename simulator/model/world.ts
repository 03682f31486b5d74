import type { Application } from './directory/state.ts';
import type { SqlWorld } from './sql/state.ts';
import type { StorageAccount } from './storage/state.ts';
import type { Vault } from './vault/state.ts';
import type { WebWorld } from './web/state.ts';

/**
 * The whole simulated Azure as plain data: structuredClone copies it, equal worlds behave equally.
 * Each service keeps its own part; what they share stands here. Handlers change the world they are given;
 * to keep an older one, clone it first.
 */
export interface World {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly location: string;
  /** Resource groups by lower-case name. */
  readonly resourceGroups: Record<string, { name: string; location: string; tags: Record<string, string> }>;
  /** Who may sign in, by client id. */
  readonly principals: Record<string, Principal>;
  /** Applications of the directory that were made by request, by object id. */
  applications?: Record<string, Application>;
  /** Custom roles that were made by request. */
  roleDefinitions?: (Allowed & { id: string; name: string; scopes: string[] })[];
  /** Storage accounts by lower-case name. */
  readonly storageAccounts: Record<string, StorageAccount>;
  /** Templates that were deployed. */
  deployments?: { readonly group: string; readonly name: string }[];
  /** Management locks. */
  locks?: { readonly name: string; readonly level: 'CanNotDelete' | 'ReadOnly'; readonly scope: string }[];
  /** Key Vaults by lower-case name. */
  vaults?: Record<string, Vault>;
  /** What apps read their connection strings from outside of App Service: rows of a table, labels, stores; strings by row. */
  stores?: Record<string, Readonly<Record<string, string>>>;
  web: WebWorld;
  sql: SqlWorld;
  /** Surprises of Azure that are switched on. */
  variants: Partial<Record<Variant, true>>;
  /** What is left to each caller, by client id and kind of request (variant `requests-are-limited`). */
  allowances?: Record<string, { left: number; at: number }>;
  /** How long operations take, in milliseconds of simulated time. */
  durations: Durations;
  /** Source of ids: the next number; ids are made from it so that equal runs are equal. */
  nextId: number;
}

/** What a role allows, with wildcards: at the resource manager, and at what resources hold (`dataActions`). */
interface Allowed {
  actions: string[];
  notActions: string[];
  dataActions?: string[];
}

export interface Principal {
  readonly clientId: string;
  readonly objectId: string;
  readonly name: string;
  /** How often it is still not found by its name (variant `identities-late`). */
  hiddenFor?: number;
  /** Secret for the client-secret flow; absent when only federated or managed. */
  readonly clientSecret?: string;
  /** Subjects and issuers of federated credentials. */
  readonly federated: readonly { issuer: string; subject: string; audience: string }[];
  /** Role assignments: what is allowed at a scope (a resource id prefix); name, id and role of those made by request. */
  roles: (Allowed & { scope: string; name?: string; id?: string; definition?: string })[];
  /** May make applications and credentials in the directory (Application Administrator). */
  readonly administersApplications?: true;
}

/** Ways in which Azure surprises; each is described where it is modelled. */
export type Variant =
  | 'late-restart' // an instance restarts once more some minutes after a swap
  | '503-after-swap' // the front door answers 503 for a while after a swap
  | 'slow-warm-up' // warm-up takes very long and the first requests are slow
  | 'swap-does-nothing' // a swap reports success, nothing was swapped
  | 'tags-lost-on-copy' // a copy comes out without the tags of its PUT
  | 'tags-late' // a tag write shows only after a long while
  | 'scm-403-when-stopped' // SCM answers 403 while the slot is stopped
  | 'webjobs-run-while-stopped' // WebJobs go on in a stopped app (Azure's default; off = they stop too)
  | 'applock-refused-read-only' // sp_getapplock fails on a READ_ONLY database
  | 'rename-waits-for-connections' // move waits for connections instead of refusing
  | 'replicated-stays-open' // a replicated database cannot be set READ_ONLY, as in an availability group of SQL Server
  | 'read-only-carried-by-restore' // a restore of a READ_ONLY database comes out READ_ONLY
  | 'restores-refused' // the server is at its limit, and no restore is begun on it
  | 'restores-fail' // a restore is accepted, fails each time, and its target vanishes
  | 'list-without-tags' // listing a server's databases leaves tags out
  | 'open-settings-stay' // what no page says of config/web stays in a swap
  | 'process-keeps-identity' // after a swap a process signs in as the slot in which it was started
  | 'both-builds-answer' // for some seconds after a swap both builds answer production's visitors
  | 'routes-linger' // for a while after a swap some visitors still come to the old build, also when it is stopped
  | 'scale-up-interrupts' // nobody answers for a while when the instances of a plan are replaced by others
  | 'settings-late' // settings, and the status of a swap, show only a while after they were written
  | 'patch-leaves-connection-strings' // a PATCH of config/web takes app settings and leaves connection strings as they were
  | 'list-lags' // a list of databases shows a new one only minutes later
  | 'private-link-name-refused' // nobody signs in to a server by the name of its private link
  | 'azure-looks-in' // Azure's own services have sessions that look like those of users
  | 'requests-are-limited' // Azure Resource Manager answers 429 to who asks too much
  | 'server-knows-no-names' // the SQL server's own identity is no Directory Reader
  | 'identities-late' // Entra finds a new identity by its name only when it was asked for some times
  | 'pings-must-sign-in'; // site authentication answers App Service's own pings with 401

export interface Durations {
  slotCreate: number;
  appStart: number;
  settingsWrite: number;
  swapRestartSource: number;
  swapWarmUp: number;
  swapSwitch: number;
  swapRestartTarget: number;
  /** For how long both builds answer after a swap (variant `both-builds-answer`). */
  bothBuildsAnswer: number;
  copy: number;
  restore: number;
  move: number;
  drop: number;
  tagWrite: number;
  firewall: number;
  deployment: number;
  planScale: number;
}

/** A request as it reaches Azure: already authenticated (`clientId`) where the host asks for it. */
export interface ModelRequest {
  readonly method: string;
  /** Absolute, such as `https://management.azure.com/subscriptions/…?api-version=…`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** The caller's address as Azure sees it; firewall rules look at it. */
  readonly from: string;
  /** The client id in the bearer token, when the request carried a valid one. */
  readonly clientId?: string;
}

export interface ModelResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /**
   * Azure takes so long (simulated milliseconds) until it answers, though the change is made at once: the answer
   * is passed on only then. The `date` header is that of the arrival.
   */
  readonly delayMs?: number;
  /** The body never ends: a client that reads it to its end waits until it gives up. */
  readonly endless?: true;
}

/**
 * Thrown for a request that the model does not know: it must fail loudly, never answer something. A row in
 * `arm/routes.ts`, or `web/scm/scm.ts`, and the handler that it names make it known.
 */
export class Unmodelled extends Error {
  constructor(what: string) {
    super(`The simulator does not model: ${what}`);
    this.name = 'Unmodelled';
  }
}

/** The next id of the world, as a GUID that looks like one. */
export function newGuid(world: World): string {
  const number = world.nextId++;
  const hex = (number * 2_654_435_761 + 0x9e3779b9).toString(16).padStart(12, '0').slice(-12);
  return `${number.toString(16).padStart(8, '0')}-5a44-4d00-8000-${hex}`;
}
