/** Where the parts of a cloud are; what `az cloud register` and other clients of custom clouds ask for. */
export interface CloudPlaces {
  readonly resourceManager: string;
  readonly authority: string;
  readonly portal: string;
}

/**
 * Answers `GET {resource manager}/metadata/endpoints?api-version=…`. The shape depends on the version: an early flat
 * one (up to 2018), a list of clouds (2019 to 2021), and one cloud (2022-09-01 on).
 * https://learn.microsoft.com/azure-stack/user/azure-stack-version-profiles-endpoint-discovery
 */
export function cloudMetadata(places: CloudPlaces, apiVersion: string): unknown {
  if (!/^\d{4}-\d\d-\d\d/.test(apiVersion)) return undefined;
  const audiences = [
    'https://management.core.windows.net/',
    'https://management.azure.com/',
    `${places.resourceManager}/`,
  ];
  if (apiVersion < '2019') {
    return {
      galleryEndpoint: `${places.resourceManager}/gallery/`,
      graphEndpoint: `${places.authority}/graph/`,
      portalEndpoint: places.portal,
      authentication: { loginEndpoint: `${places.authority}/`, audiences },
    };
  }
  const cloud = {
    name: 'SimulatedAzure',
    portal: places.portal,
    authentication: { loginEndpoint: `${places.authority}/`, audiences, tenant: 'common', identityProvider: 'AAD' },
    resourceManager: `${places.resourceManager}/`,
    graph: `${places.authority}/graph/`,
    graphAudience: `${places.authority}/graph/`,
    microsoftGraphResourceId: `${places.authority}/graph/`,
    gallery: `${places.resourceManager}/gallery/`,
    batch: 'https://batch.core.windows.net/',
    sqlManagement: `${places.resourceManager}/`,
    vmImageAliasDoc: `${places.resourceManager}/aliases.json`,
    media: 'https://rest.media.azure.net',
    suffixes: {
      sqlServerHostname: 'database.windows.net',
      storage: 'core.windows.net',
      keyVaultDns: 'vault.azure.net',
      acrLoginServer: 'azurecr.io',
    },
  };
  return apiVersion < '2022-09' ? [cloud] : cloud;
}
