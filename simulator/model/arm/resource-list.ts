import { databaseId, serverId } from '../sql/lookup.ts';
import { idOf, isProduction, planIdOf } from '../web/lookup.ts';
import { kindOf } from '../web/site-body.ts';
import type { World } from '../world.ts';
import type { Answer } from './answer.ts';
import { type ArmCall, type Json, unmodelled } from './call.ts';
import { parseArmPath } from './path.ts';
import { regionOf } from './region.ts';

/** `…/resources`, of a subscription or a resource group: what the filter lets through. */
export function listResources(call: ArmCall): Answer {
  const { world, url } = call;
  const group = call.names.group?.toLowerCase();
  const filter = parsedFilter(call, url.searchParams.get('$filter') ?? '');
  const value = resourcesOf(world).filter(({ id, type, name, tags }) => {
    const path = parseArmPath(id);
    if (group !== undefined && path.resourceGroup?.toLowerCase() !== group) return false;
    return filter.every(({ field, value: wanted }) => {
      if (field === 'resourcetype') return type.toLowerCase() === wanted;
      if (field === 'name') return name.toLowerCase() === wanted;
      if (field === 'resourcegroup') return path.resourceGroup?.toLowerCase() === wanted;
      if (field === 'tagname') return Object.keys(tags ?? {}).some((one) => one.toLowerCase() === wanted);
      return Object.values(tags ?? {}).some((one) => one.toLowerCase() === wanted);
    });
  });
  return { status: 200, body: { value } };
}

interface Resource extends Json {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly tags?: Readonly<Record<string, string>>;
}

function* all(world: World): Generator<Resource> {
  const { location } = world;
  for (const plan of Object.values(world.web.plans)) {
    const { name, sku } = plan;
    const kind = plan.reserved ? 'linux' : 'app';
    yield {
      id: planIdOf(world, plan),
      name,
      type: 'Microsoft.Web/serverFarms',
      sku,
      kind,
      location: regionOf(location),
    };
  }
  for (const site of Object.values(world.web.sites)) {
    for (const slot of Object.values(site.slots)) {
      const isApp = isProduction(slot);
      const kind = kindOf(world, slot);
      const name = isApp ? site.name : `${site.name}/${slot.name}`;
      const type = isApp ? 'Microsoft.Web/sites' : 'Microsoft.Web/sites/slots';
      yield { id: idOf(world, slot), name, type, kind, location: regionOf(location), ...tagged(slot.tags) };
    }
  }
  for (const server of Object.values(world.sql.servers)) {
    const { name } = server;
    const common = { location: server.location };
    yield { id: serverId(world, server), name, type: 'Microsoft.Sql/servers', ...common, ...tagged(server.tags) };
    for (const { name: database, tags, sku } of Object.values(server.databases)) {
      const type = 'Microsoft.Sql/servers/databases';
      yield {
        id: databaseId(world, server, database),
        name: `${name}/${database}`,
        type,
        sku,
        ...common,
        ...tagged(tags),
      };
    }
  }
  for (const { id, name } of Object.values(world.storageAccounts)) {
    yield { id, name, type: 'Microsoft.Storage/storageAccounts', kind: 'StorageV2', location: regionOf(location) };
  }
}

function resourcesOf(world: World): Resource[] {
  return [...all(world)];
}

function tagged(tags: Readonly<Record<string, string>>): { tags?: Readonly<Record<string, string>> } {
  return Object.keys(tags).length > 0 ? { tags } : {};
}

const FIELDS = /^(resourceType|name|resourceGroup|tagName|tagValue) eq '([^']*)'$/i;

/** Comparisons joined by `and`, which is what clients send; any other is not modelled. */
function parsedFilter(call: ArmCall, filter: string): { field: string; value: string }[] {
  if (filter === '') return [];
  return filter.split(/ and /i).map((part) => {
    const [, field, value] = FIELDS.exec(part.trim()) ?? [];
    if (field === undefined || value === undefined) throw unmodelled(call);
    return { field: field.toLowerCase(), value: value.toLowerCase() };
  });
}
