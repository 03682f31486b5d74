import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JSONWebKeySet, SignJWT } from 'jose';
import { createIssuer, keySet } from '../../simulator/github/id-token.ts';

const CONNECTION = '7d9d3d02-0c2f-4d3f-9c5b-4f2b6d1a9e11';

/** How Azure knows the jobs that may use a service connection. */
export interface TokenService {
  readonly issuer: string;
  readonly subject: string;
  readonly keys: JSONWebKeySet;
  /** What the agent and AzureCLI@2 set for a job. https://learn.microsoft.com/javascript/api/@azure/identity/azurepipelinescredential */
  readonly variables: (clientId: string, tenantId: string) => Readonly<Record<string, string>>;
  /** How often it was asked. */
  asked(): number;
  close(): Promise<void>;
}

/** Hands out tokens of five minutes to who comes with the token of the job, by POST only. */
export async function startTokenService(jobToken: string): Promise<TokenService> {
  const key = createIssuer('https://vstoken.example/contoso');
  const subject = 'sc://contoso/Contoso Shop/shop-production';
  let asked = 0;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://local');
    const isGood =
      request.method === 'POST' &&
      request.headers.authorization === `Bearer ${jobToken}` &&
      url.searchParams.get('api-version') === '7.1' &&
      url.searchParams.get('serviceConnectionId') === CONNECTION;
    if (!isGood) return void response.writeHead(401).end();
    asked += 1;
    const now = Math.floor(Date.now() / 1000);
    const oidcToken = await new SignJWT({})
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.keyId })
      .setIssuer(key.url)
      .setSubject(subject)
      .setAudience('api://AzureADTokenExchange')
      .setIssuedAt(now)
      .setExpirationTime(now + 300)
      .sign(key.privateKey);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ oidcToken }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    issuer: key.url,
    subject,
    keys: await keySet(key),
    asked: () => asked,
    variables: (clientId, tenantId) => ({
      SYSTEM_OIDCREQUESTURI: `http://127.0.0.1:${port}/contoso/_apis/distributedtask/hubs/build/plans/p/jobs/j/oidctoken`,
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: CONNECTION,
      AZURESUBSCRIPTION_CLIENT_ID: clientId,
      AZURESUBSCRIPTION_TENANT_ID: tenantId,
    }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
