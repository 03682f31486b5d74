import type { SqlManagementClient } from '@azure/arm-sql';
import type { TokenCredential } from '@azure/core-auth';
import type { Pipeline, PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Cloud } from './cloud.ts';
import type { Transport } from './transport.ts';
import type { WebOperations } from './web-operations.ts';

export const WEB_VERSION = '2024-11-01';
export const SQL_VERSION = '2023-08-01';

/** Azure's own clients; one of each for a subscription, made when it is first asked for. */
export interface ManagementClients {
  /** Without a subscription: for requests that belong to none. */
  web(subscriptionId?: string): Promise<WebOperations>;
  sql(subscriptionId: string): Promise<SqlManagementClient>;
}

// Bundled, each is a file of its own that is read when a phase first speaks to that service.
const libraries = {
  web: undefined as Promise<typeof import('./web-operations.ts')> | undefined,
  sql: undefined as Promise<typeof import('@azure/arm-sql')> | undefined,
};

/** Reads both libraries now: for who must not wait for a file later, as in virtual time. */
export async function loadManagementClients(): Promise<void> {
  await Promise.all([webLibrary(), sqlLibrary()]);
}

export function managementClients(
  cloud: Cloud,
  credential: TokenCredential,
  { httpClient, guard }: Transport,
): ManagementClients {
  const webs = new Map<string, WebOperations>();
  const sqls = new Map<string, SqlManagementClient>();
  const options = { httpClient, endpoint: cloud.resourceManager, retryOptions: { maxRetries: 0 } };
  return {
    async web(subscriptionId) {
      const { webOperations } = await webLibrary();
      const [any] = webs.values();
      const known = subscriptionId === undefined ? any : webs.get(subscriptionId);
      if (known) return known;
      const client = webOperations(credential, subscriptionId ?? '', {
        ...options,
        apiVersion: WEB_VERSION,
        credentials: { scopes: [cloud.armScope] },
      });
      strip(client.pipeline, guard);
      webs.set(subscriptionId ?? '', client);
      return client;
    },
    async sql(subscriptionId) {
      const { SqlManagementClient } = await sqlLibrary();
      const known = sqls.get(subscriptionId);
      if (known) return known;
      const client = new SqlManagementClient(credential, subscriptionId, {
        ...options,
        $host: cloud.resourceManager,
        credentialScopes: cloud.armScope,
      });
      strip(client.pipeline, guard);
      askForStableVersion(client.pipeline);
      sqls.set(subscriptionId, client);
      return client;
    },
  };
}

/** Tokens and JSON are all that the libraries' pipelines are for: repeating, redirecting, tracing and logging are ours. */
const KEPT = new Set(['bearerTokenAuthenticationPolicy', 'serializationPolicy', 'deserializationPolicy']);

function strip(pipeline: Pipeline, guard: PipelinePolicy): void {
  for (const { name } of pipeline.getOrderedPolicies()) if (!KEPT.has(name)) pipeline.removePolicy({ name });
  pipeline.addPolicy(guard, { beforePolicies: ['bearerTokenAuthenticationPolicy'] });
}

/** The library asks for previews, which Azure withdraws some day. What we use is the same in the version that stays. */
function askForStableVersion(pipeline: Pipeline): void {
  pipeline.addPolicy({
    name: 'stableVersion',
    sendRequest(request, next) {
      request.url = request.url.replace(/\bapi-version=[\d-]+-preview\b/, `api-version=${SQL_VERSION}`);
      return next(request);
    },
  });
}

function webLibrary(): Promise<typeof import('./web-operations.ts')> {
  libraries.web ??= import('./web-operations.ts');
  return libraries.web;
}

function sqlLibrary(): Promise<typeof import('@azure/arm-sql')> {
  libraries.sql ??= import('@azure/arm-sql');
  return libraries.sql;
}
