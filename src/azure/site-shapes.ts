import { Stop } from '../errors.ts';
import { idOf, resource } from './resource-shape.ts';

/** Facts about a site or slot that phases look at. Read from `Microsoft.Web/sites`, 2024-11-01. */
export interface Site {
  readonly id: string;
  /** `app` or `app/slot`. */
  readonly name: string;
  /** `production` or the slot's name. */
  readonly slot: string;
  readonly location: string;
  /** Such as `app`, `app,linux`, `app,linux,container`. */
  readonly kind: string;
  /** `Running` or `Stopped`. */
  readonly state: string;
  readonly hostName: string;
  /** Names of its own beside that one, in the order in which Azure has them; one that stands for many is none. */
  readonly customHosts: readonly string[];
  /** How each host name is served over https: its name, the kind of binding, the certificate's thumbprint. */
  readonly certificates: readonly (readonly [host: string, binding: string, thumbprint: string])[];
  /** Host of SCM (Kudu), from `hostNameSslStates`: it cannot be derived from the app's name. */
  readonly scmHostName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly serverFarmId: string;
  readonly swapStatus: SwapStatus | null;
  /** A swap with preview waits for its second half. */
  readonly targetSwapSlot: string | null;
  readonly deploymentId: string;
  readonly httpsOnly: boolean;
  readonly clientCertEnabled: boolean;
  readonly clientCertMode: string;
  readonly virtualNetworkSubnetId: string | null;
  readonly identity: SiteIdentity;
  readonly principals?: Principals;
  readonly keyVaultReferenceIdentity: string | null;
  readonly publicNetworkAccess: string | null;
  /** Resource ids of the private endpoints that lead to it; a slot has its own. */
  readonly privateEndpoints: readonly string[];
  /** Linux. */
  readonly reserved: boolean;
  readonly scmSiteAlsoStopped: boolean;
}

/** The last swap that ended, by Azure's clock; the same on both slots. Names are as Azure writes them (`Production`). */
export interface SwapStatus {
  readonly timestampUtc: string;
  readonly source: string;
  readonly destination: string;
}

export interface SiteIdentity {
  /** `None`, `SystemAssigned`, `UserAssigned` or both. */
  readonly type: string;
  /** Resource ids. */
  readonly userAssigned: readonly string[];
}

/** The object id of each user-assigned identity, by its resource id. */
export type Principals = Readonly<Record<string, string>>;

/** Names that stay with a slot in a swap. */
export interface StickyNames {
  readonly appSettings: readonly string[];
  readonly connectionStrings: readonly string[];
  readonly storage: readonly string[];
}

export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly tier: string;
  readonly size: string;
  readonly runsWindowsContainers: boolean;
}

export interface SiteWire {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly kind?: string | null;
  readonly tags?: Record<string, string> | null;
  readonly identity?: {
    readonly type?: string;
    readonly userAssignedIdentities?: Record<string, unknown> | null;
  } | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Turns Azure's resource into a {@link Site}. */
export function siteOf(wire: SiteWire): Site {
  const raw = resource('an app', wire, ['state']).properties;
  const hosts = list<{ name: string; hostType?: string; sslState?: unknown; thumbprint?: unknown }>(
    raw.hostNameSslStates,
  );
  return {
    id: wire.id,
    name: wire.name,
    slot: wire.name.split('/')[1] ?? 'production',
    location: wire.location,
    kind: wire.kind ?? '',
    state: text(raw.state),
    hostName: host(text(raw.defaultHostName)),
    customHosts: list(raw.hostNames)
      .filter((name): name is string => typeof name === 'string' && HOST.test(name))
      .map((name) => name.toLowerCase())
      .filter((name) => name !== text(raw.defaultHostName).toLowerCase()),
    certificates: hosts.map(({ name, sslState, thumbprint }) => [text(name), text(sslState), text(thumbprint)]),
    scmHostName: host(hosts.find(({ hostType }) => hostType === 'Repository')?.name ?? ''),
    tags: wire.tags ?? {},
    serverFarmId: idOf('an App Service plan', raw.serverFarmId) ?? '',
    swapStatus: swapStatusOf(raw.slotSwapStatus),
    targetSwapSlot: text(raw.targetSwapSlot) || null,
    deploymentId: text(raw.deploymentId),
    httpsOnly: raw.httpsOnly === true,
    clientCertEnabled: raw.clientCertEnabled === true,
    clientCertMode: text(raw.clientCertMode),
    virtualNetworkSubnetId: idOf('a subnet', raw.virtualNetworkSubnetId),
    identity: {
      type: wire.identity?.type ?? 'None',
      userAssigned: Object.keys(wire.identity?.userAssignedIdentities ?? {}).flatMap(
        (id) => idOf('an identity', id) ?? [],
      ),
    },
    principals: Object.fromEntries(
      Object.entries(wire.identity?.userAssignedIdentities ?? {}).map(([id, one]) => [
        id,
        text(Object(one).principalId),
      ]),
    ),
    keyVaultReferenceIdentity: text(raw.keyVaultReferenceIdentity) || null,
    publicNetworkAccess: text(raw.publicNetworkAccess) || null,
    privateEndpoints: list<{ id?: unknown }>(raw.privateEndpointConnections).map(({ id }) => text(id)),
    reserved: raw.reserved === true,
    scmSiteAlsoStopped: raw.scmSiteAlsoStopped === true,
  };
}

/**
 * Whether the public network is shut out. A private endpoint alone does that, unless public access is allowed expressly.
 * https://learn.microsoft.com/azure/app-service/overview-access-restrictions#app-access
 */
export function isClosedToPublic({ publicNetworkAccess, privateEndpoints }: Site): boolean {
  if (publicNetworkAccess === null) return privateEndpoints.length > 0;
  return publicNetworkAccess.toLowerCase() === 'disabled';
}

function swapStatusOf(value: unknown): SwapStatus | null {
  if (typeof value !== 'object' || value === null) return null;
  const wire: { timestampUtc?: unknown; sourceSlotName?: unknown; destinationSlotName?: unknown } = value;
  return {
    timestampUtc: text(wire.timestampUtc),
    source: text(wire.sourceSlotName),
    destination: text(wire.destinationSlotName),
  };
}

const HOST = /^[a-z0-9.-]+(:\d+)?$/i;

/** It becomes the host of an address, to which tokens go: nothing in it may make it another one. */
function host(name: string): string {
  if (name === '' || HOST.test(name)) return name;
  throw new Stop(
    'failed',
    `Azure named "${name}" as a host.`,
    'Look at the host names of the app, then run the phase again.',
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value : [];
}
