import { addDatabase, addServer } from '../sql/create.ts';
import { addPlan, addSite } from '../web/create.ts';
import { Unmodelled, type World } from '../world.ts';
import type { Answer } from './answer.ts';
import { type ArmCall, isJson, type Json, propertiesOf } from './call.ts';
import { notFound } from './refusal.ts';

/** `PUT …/resourceGroups/{group}`: 201 for a new one, 200 for one that is there. */
export function putGroup({ world, names, body }: ArmCall): Answer {
  const { group: name = '' } = names;
  const { location, tags } = isJson(body) ? body : {};
  const before = world.resourceGroups[name.toLowerCase()];
  const group = before ?? { name, location: String(location), tags: {} };
  group.tags = texts(isJson(tags) ? tags : {});
  world.resourceGroups[name.toLowerCase()] = group;
  const id = `/subscriptions/${world.subscriptionId}/resourceGroups/${name}`;
  const type = 'Microsoft.Resources/resourceGroups';
  const properties = { provisioningState: 'Succeeded' };
  return {
    status: before === undefined ? 201 : 200,
    body: { id, name, type, location: group.location, tags: group.tags, properties },
  };
}

/** `DELETE …/resourceGroups/{group}`: with all that is in it, at once. On Azure it takes minutes, and is polled. */
export function deleteGroup({ world, names }: ArmCall): Answer {
  const name = (names.group ?? '').toLowerCase();
  const isInside = ({ resourceGroup }: { readonly resourceGroup: string }) => resourceGroup.toLowerCase() === name;
  for (const kept of [world.web.sites, world.web.plans, world.sql.servers]) {
    for (const [key, one] of Object.entries(kept)) if (isInside(one)) delete kept[key];
  }
  delete world.resourceGroups[name];
  return { status: 202 };
}

/** `GET …/Microsoft.Resources/deployments` */
export function listDeployments({ world, path }: ArmCall): Answer {
  const group = path.resourceGroup?.toLowerCase();
  return { status: 200, body: { value: (world.deployments ?? []).filter((one) => one.group === group).map(bodyOf) } };
}

/** `GET …/deployments/{deployment}` */
export function showDeployment({ world, path, names }: ArmCall): Answer {
  const group = path.resourceGroup?.toLowerCase();
  const found = (world.deployments ?? []).find((one) => one.group === group && one.name === names.deployment);
  if (found !== undefined) return { status: 200, body: bodyOf(found) };
  throw notFound(`Microsoft.Resources/deployments/${names.deployment}`, path.resourceGroup ?? '');
}

/**
 * `PUT …/deployments/{deployment}`: the resources of a template that uses no function but `parameters`, made at once. What a
 * template names and the model does not know is refused.
 */
export function putDeployment(call: ArmCall): Answer {
  const { world, path, names } = call;
  const { template, parameters } = propertiesOf(call.body);
  const values = isJson(parameters) ? parameters : {};
  const resources = isJson(template) && Array.isArray(template.resources) ? template.resources : [];
  for (const resource of resources) make(call, filled(resource, values) as Resource);
  const { name = '' } = { name: names.deployment };
  const deployment = { group: path.resourceGroup?.toLowerCase() ?? '', name };
  world.deployments = [...(world.deployments ?? []), deployment];
  const body = bodyOf(deployment);
  return { status: 201, body: { ...body, properties: { ...body.properties, provisioningState: 'Accepted' } } };
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly properties?: Json;
  readonly sku?: { readonly name: string; readonly tier: string };
}

function make({ world, path, now }: ArmCall, { type, name, properties = {}, sku }: Resource): void {
  const resourceGroup = path.resourceGroup ?? '';
  switch (type) {
    case 'Microsoft.Web/serverfarms': {
      const { name: size = 'S1', tier = 'Standard' } = sku ?? {};
      addPlan(world, {
        name,
        resourceGroup,
        location: world.location,
        sku: { name: size, tier, family: size.slice(0, 1), capacity: 1 },
        reserved: properties.reserved === true,
      });
      return;
    }
    case 'Microsoft.Web/sites': {
      const plan = String(properties.serverFarmId).split('/').at(-1) ?? '';
      const site = addSite(world, { name, resourceGroup, plan }, now);
      const production = site.slots.production;
      if (production !== undefined) production.properties = { httpsOnly: properties.httpsOnly === true };
      return;
    }
    case 'Microsoft.Sql/servers':
      addServer(world, {
        name,
        resourceGroup,
        administratorLogin: String(properties.administratorLogin),
        administratorPassword: String(properties.administratorLoginPassword),
      });
      return;
    case 'Microsoft.Sql/servers/databases':
      makeDatabase(world, name, now);
      return;
    default:
      throw new Unmodelled(`a template with ${type}`);
  }
}

function makeDatabase(world: World, name: string, now: number): void {
  const [server = '', database = ''] = name.split('/');
  const found = world.sql.servers[server.toLowerCase()];
  if (found === undefined) throw new Error(`A template names the server ${server}, which it does not make first.`);
  addDatabase(world, found, { name: database, sku: { name: 'Standard', tier: 'Standard', capacity: 10 } }, now);
}

/** Every `[parameters('…')]` by its value. */
function filled(value: unknown, parameters: Json): unknown {
  if (typeof value === 'string') {
    const [, name] = /^\[parameters\('(\w+)'\)\]$/.exec(value) ?? [];
    if (name === undefined && value.startsWith('[')) throw new Unmodelled(`${value} in a template`);
    const given = parameters[name ?? ''];
    return name === undefined ? value : isJson(given) ? given.value : undefined;
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, parameters));
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, parameters)]));
}

function bodyOf({ name }: { readonly name: string }): Json & { readonly properties: Json } {
  return {
    name,
    type: 'Microsoft.Resources/deployments',
    properties: { provisioningState: 'Succeeded', mode: 'Incremental' },
  };
}

function texts(given: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}
