import { resolved } from '../vault/references.ts';
import type { World } from '../world.ts';
import { planOf, siteOf } from './lookup.ts';
import type { Slot } from './state.ts';

/**
 * Prefixes of environment variables by type of connection string.
 * https://learn.microsoft.com/azure/app-service/configure-common#configure-connection-strings
 */
const PREFIXES: Readonly<Record<string, string>> = {
  sqlazure: 'SQLAZURECONNSTR_',
  sqlserver: 'SQLCONNSTR_',
  mysql: 'MYSQLCONNSTR_',
  postgresql: 'POSTGRESQLCONNSTR_',
  custom: 'CUSTOMCONNSTR_',
  apihub: 'APIHUBCONNSTR_',
  docdb: 'DOCDBCONNSTR_',
  eventhub: 'EVENTHUBCONNSTR_',
  notificationhub: 'NOTIFICATIONHUBCONNSTR_',
  rediscache: 'REDISCACHECONNSTR_',
  servicebus: 'SERVICEBUSCONNSTR_',
};

/** What a process of the slot finds in its environment when it starts now. */
export function environmentOf(world: World, slot: Slot, instanceId: string): Record<string, string> {
  const site = siteOf(world, slot);
  const environment: Record<string, string> = {
    WEBSITE_SITE_NAME: site.name,
    WEBSITE_SLOT_NAME: slot.name === 'production' ? 'Production' : slot.name,
    WEBSITE_HOSTNAME: slot.host,
    WEBSITE_INSTANCE_ID: instanceId,
    WEBSITE_RESOURCE_GROUP: site.resourceGroup,
    WEBSITE_DEPLOYMENT_ID: slot.occupant.deploymentId,
    WEBSITE_SKU: planOf(world, site).sku.tier,
    WEBSITE_OWNER_NAME: `${world.subscriptionId}+${site.resourceGroup}-${site.location.replaceAll(' ', '')}webspace`,
    REGION_NAME: site.location,
  };
  const { settings, connectionStrings } = slot.occupant;
  for (const name in settings) {
    const value = resolved(world, slot, settings[name] ?? '');
    environment[name] = value;
    environment[`APPSETTING_${name}`] = value;
  }
  for (const [name, { value, type }] of Object.entries(connectionStrings)) {
    environment[`${prefixOf(type)}${name}`] = resolved(world, slot, value);
  }
  return environment;
}

/** The connection strings in an environment, by name. */
export function connectionStringsIn(environment: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name in environment) {
    const match = name.includes('CONNSTR_') ? /^[A-Z]+CONNSTR_(.+)$/.exec(name) : null;
    if (match?.[1] !== undefined) found[match[1]] = environment[name] ?? '';
  }
  return found;
}

/** The prefix of a type; types are compared without regard to case. */
function prefixOf(type: string): string {
  const prefix = PREFIXES[type.toLowerCase()];
  if (prefix === undefined) throw new Error(`There is no connection string of type ${type}.`);
  return prefix;
}

export function isConnectionStringType(type: string): boolean {
  return PREFIXES[type.toLowerCase()] !== undefined;
}
