import type { Answer } from './answer.ts';
import { versionsOf } from './api-versions.ts';
import { type ArmCall, unmodelled } from './call.ts';

/** The types of each provider that clients look up before they ask for a resource in general. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Web': ['sites', 'sites/slots', 'serverFarms'],
  'Microsoft.Sql': ['servers', 'servers/databases', 'servers/firewallRules', 'servers/elasticPools'],
  'Microsoft.Storage': ['storageAccounts'],
};

/** `/subscriptions/{subscription}/providers/{namespace}`: its types and their versions, the newest first. */
export function showProvider(call: ArmCall): Answer {
  const wanted = `microsoft.${call.names.provider}`.toLowerCase();
  const namespace = Object.keys(TYPES).find((one) => one.toLowerCase() === wanted);
  if (namespace === undefined) throw unmodelled(call);
  const resourceTypes = TYPES[namespace]?.map((resourceType) => ({
    resourceType,
    locations: [call.world.location],
    apiVersions: [...versionsOf(namespace, resourceType)].toReversed(),
    capabilities: 'SupportsTags, SupportsLocation',
  }));
  return {
    status: 200,
    body: {
      id: `/subscriptions/${call.world.subscriptionId}/providers/${namespace}`,
      namespace,
      resourceTypes,
      registrationState: 'Registered',
      registrationPolicy: 'RegistrationRequired',
    },
  };
}
