import { Unmodelled, type World } from '../world.ts';
import type { ArmPath } from './path.ts';
import { armRefusal } from './refusal.ts';
import { regionOf } from './region.ts';

/**
 * Refuses a version that Azure never had, as Azure Resource Manager does before any provider is asked:
 * - what is its own: `InvalidApiVersionParameter` (Azure/azure-cli#25115);
 * - a resource, which has a location: `NoRegisteredProviderFound` (pulumi/pulumi-azure-native#905);
 * - a list over a subscription, which has none: `InvalidResourceType` (microsoft/vscode-azureappservice#594).
 */
export function refuseUnknownVersion(world: World, version: string, path: ArmPath): void {
  const known = versionsOf(path.provider, path.segments[0] ?? '');
  if (known.has(version)) return;
  const types = path.segments.filter((_, i) => i % 2 === 0).join('/');
  if (known === OWN) {
    const listed = [...known].toReversed().join(',');
    const message = `The api-version '${version}' is invalid. The supported versions are '${listed}'.`;
    throw armRefusal(400, 'InvalidApiVersionParameter', message);
  }
  if (path.resourceGroup === undefined) {
    const listed = [...known].toReversed().join(',');
    const message = `The resource type '${types}' could not be found in the namespace '${path.provider}' for api version '${version}'. The supported api-versions are '${listed}'.`;
    throw armRefusal(404, 'InvalidResourceType', message);
  }
  const message = `No registered resource provider found for location '${regionOf(world.location)}' and API version '${version}' for type '${types}'. The supported api-versions are '${[...known].join(', ')}'. The supported locations are '${LOCATIONS}'.`;
  throw armRefusal(400, 'NoRegisteredProviderFound', message);
}

/** Azure keeps a list for each type; those of a provider differ little, and a new type has them from its first version on. */
export function versionsOf(provider: string, types: string): ReadonlySet<string> {
  if (provider === '' || types === '') return OWN;
  const name = provider.toLowerCase();
  const known = VERSIONS[`${name}/${types.split('/')[0]?.toLowerCase()}`] ?? VERSIONS[name];
  if (known === undefined) throw new Unmodelled(`the api-versions of ${provider}/${types}; see arm/api-versions.ts`);
  return known;
}

function versions(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}

/** Those of resource groups, tags and subscriptions: ansible-collections/azure#1739, and those since (bicep-types-az). */
const OWN = versions(
  `2014-04 2014-02-26 2013-03-01 2014-01-01 2014-04-01 2014-04-01-preview 2015-01-01 2015-11-01 2016-02-01 2016-06-01
  2016-07-01 2016-09-01 2017-03-01 2017-05-01 2017-05-10 2017-06-01 2017-08-01 2017-12-01 2018-01-01 2018-02-01
  2018-05-01 2018-06-01 2018-07-01 2018-08-01 2018-09-01 2018-11-01 2019-03-01 2019-05-01 2019-05-10 2019-06-01
  2019-07-01 2019-08-01 2019-09-01 2019-10-01 2019-11-01 2020-01-01 2020-05-01 2020-06-01 2020-07-01 2020-08-01
  2020-09-01 2020-10-01 2021-01-01 2021-04-01 2022-01-01 2022-03-01-preview 2022-05-01 2022-06-01 2022-09-01
  2022-11-01-preview 2022-12-01 2023-03-01-preview 2023-07-01-preview 2023-07-01 2024-03-01 2024-06-01-preview
  2024-07-01 2024-08-01 2024-11-01 2025-03-01 2025-04-01`,
);

/** By provider in lower case, and by provider and first type where that one has others. */
const VERSIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  'microsoft.resources': OWN,
  // https://learn.microsoft.com/azure/templates/microsoft.web/sites and @azure/arm-appservice 19, the oldest as in Azure/azure-libraries-for-java#1241
  'microsoft.web': versions(
    `2014-04-01 2014-04-01-preview 2014-06-01 2014-11-01 2015-02-01 2015-04-01 2015-05-01 2015-06-01 2015-07-01
    2015-08-01 2016-03-01 2016-08-01 2016-09-01 2017-08-01 2018-02-01 2018-11-01 2019-08-01 2020-06-01 2020-09-01
    2020-10-01 2020-12-01 2021-01-01 2021-01-15 2021-02-01 2021-03-01 2022-03-01 2022-09-01 2023-01-01 2023-12-01
    2024-04-01 2024-11-01 2025-03-01 2025-05-01`,
  ),
  // pulumi/pulumi-azure-native#905, and those since: https://learn.microsoft.com/azure/templates/microsoft.sql/servers
  'microsoft.sql': versions(
    `2014-01-01 2014-04-01 2014-04-01-preview 2015-05-01-preview 2017-03-01-preview 2017-10-01-preview
    2018-06-01-preview 2019-06-01-preview 2020-02-02-preview 2020-08-01-preview 2020-11-01-preview 2021-02-01-preview
    2021-05-01-preview 2021-08-01-preview 2021-11-01-preview 2021-11-01 2022-02-01-preview 2022-05-01-preview
    2022-08-01-preview 2022-11-01-preview 2023-02-01-preview 2023-05-01-preview 2023-08-01-preview 2023-08-01
    2024-05-01-preview 2024-11-01-preview`,
  ),
  // https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts
  'microsoft.storage': versions(
    `2015-05-01-preview 2015-06-15 2016-01-01 2016-05-01 2016-12-01 2017-06-01 2017-10-01 2018-02-01
    2018-03-01-preview 2018-07-01 2018-11-01 2019-04-01 2019-06-01 2020-08-01-preview 2021-01-01 2021-02-01 2021-04-01
    2021-05-01 2021-06-01 2021-08-01 2021-09-01 2022-05-01 2022-09-01 2023-01-01 2023-04-01 2023-05-01 2024-01-01
    2025-01-01`,
  ),
  // https://learn.microsoft.com/azure/templates/microsoft.authorization/roleassignments
  'microsoft.authorization': versions(
    `2014-07-01-preview 2014-10-01-preview 2015-05-01-preview 2015-06-01 2015-07-01 2016-07-01 2017-05-01
    2017-10-01-preview 2018-01-01-preview 2018-05-01-preview 2018-07-01 2018-09-01-preview 2018-12-01-preview
    2019-04-01-preview 2020-03-01-preview 2020-04-01-preview 2020-08-01-preview 2020-10-01-preview 2021-04-01-preview
    2022-01-01-preview 2022-04-01 2022-05-01-preview 2023-07-01-preview`,
  ),
  // https://learn.microsoft.com/azure/templates/microsoft.authorization/locks
  'microsoft.authorization/locks': versions(
    '2015-01-01 2015-05-01-preview 2015-06-01 2016-09-01 2017-04-01 2020-05-01',
  ),
};

const LOCATIONS =
  'australiaeast, australiasoutheast, brazilsouth, canadacentral, canadaeast, centralindia, centralus, eastasia, eastus, eastus2, francecentral, germanywestcentral, japaneast, japanwest, koreacentral, northcentralus, northeurope, norwayeast, southafricanorth, southcentralus, southeastasia, swedencentral, switzerlandnorth, uaenorth, uksouth, ukwest, westcentralus, westeurope, westindia, westus, westus2, westus3';
