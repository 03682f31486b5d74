import { cloudAt } from '../azure/cloud.ts';
import { parseConnectionString } from '../connection-strings/connection-strings.ts';
import type { AzureEnvironment, Identity, OidcProvider, SqlLogin } from '../settings/azure.ts';
import { guid } from './names.ts';
import type { Environment, Reader } from './reader.ts';
import { Wrong } from './reader.ts';

/** `token`, or a connection string with a SQL login. */
export function sqlLogin(value: string): SqlLogin {
  if (value === 'token') return { kind: 'token' };
  const address = parseConnectionString(value) ?? parseConnectionString(`Server=login.only;${value}`);
  if (!address?.user || !address.password) {
    throw new Wrong('token, or a connection string with User ID and Password, such as "Server=…;User ID=…;Password=…"');
  }
  const named = address.host !== 'login.only';
  return {
    kind: 'connection-string',
    host: named ? address.host : undefined,
    port: named ? address.port : undefined,
    user: address.user,
    password: address.password,
  };
}

export function azureEnvironment(value: string): AzureEnvironment {
  if (value === 'public' || value === 'government' || value === 'china') return { kind: value };
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // Nothing but the host and its port is used, so nothing else may be given.
  if (url?.protocol === 'https:' && value.replace(/\/$/, '').toLowerCase() === `https://${url.host}`) {
    const known = cloudAt(url.hostname);
    if (known !== undefined) return { kind: known };
    return { kind: 'own', resourceManager: url.origin };
  }
  throw new Wrong('public, government, china, or the https address of a resource manager such as https://host:port');
}

/** Everything that could be used to sign in; an input wins over the variable that other tools of Azure use. */
export function identity(reader: Reader, environment: Environment): Identity {
  const variable = (name: string) => environment[name]?.trim() || undefined;
  const named = (name: string, parse: (value: string) => string) => parsed(reader, name, variable(name), parse);
  const endpoint = variable('IDENTITY_ENDPOINT');
  const header = variable('IDENTITY_HEADER');
  return {
    clientId:
      reader.optional('client-id', guid) ??
      named('AZURE_CLIENT_ID', guid) ??
      named('AZURESUBSCRIPTION_CLIENT_ID', guid),
    tenantId:
      reader.optional('tenant-id', tenant) ??
      named('AZURE_TENANT_ID', tenant) ??
      named('AZURESUBSCRIPTION_TENANT_ID', tenant),
    subscriptionId: reader.optional('subscription-id', guid) ?? named('AZURE_SUBSCRIPTION_ID', guid),
    clientSecret: variable('AZURE_CLIENT_SECRET'),
    oidc: oidcProvider(variable),
    managedIdentity: endpoint && header ? { endpoint, header } : undefined,
    authorityHost: variable('AZURE_AUTHORITY_HOST'),
  };
}

/** Task AzureCLI@2 of Azure DevOps names its service connection; the job's own token is passed on by the pipeline. */
function oidcProvider(variable: (name: string) => string | undefined): OidcProvider | undefined {
  const [requestUrl, requestToken] = [
    variable('ACTIONS_ID_TOKEN_REQUEST_URL'),
    variable('ACTIONS_ID_TOKEN_REQUEST_TOKEN'),
  ];
  if (requestUrl && requestToken) return { requestUrl, requestToken };
  const [uri, token] = [variable('SYSTEM_OIDCREQUESTURI'), variable('SYSTEM_ACCESSTOKEN')];
  const serviceConnectionId = variable('AZURESUBSCRIPTION_SERVICE_CONNECTION_ID');
  return uri && token && serviceConnectionId
    ? { requestUrl: uri, requestToken: token, serviceConnectionId }
    : undefined;
}

function parsed(
  reader: Reader,
  name: string,
  value: string | undefined,
  parse: (value: string) => string,
): string | undefined {
  try {
    return value === undefined ? undefined : parse(value);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    reader.complain(`Variable ${name} is "${value}". Allowed: ${error.message}.`);
    return undefined;
  }
}

/** A tenant is named by its GUID or by one of its domains. */
function tenant(value: string): string {
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(value))
    throw new Wrong('a GUID, or a domain such as contoso.onmicrosoft.com');
  return value;
}
