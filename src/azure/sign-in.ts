import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { messageOf, Stop } from '../errors.ts';
import type { Clock, Log, Send } from '../ports.ts';
import type { Identity } from '../settings/azure.ts';
import type { Cloud } from './cloud.ts';
import { ENTRA_UNANSWERED } from './failure.ts';
import { identityTransport } from './identity-transport.ts';
import { oidcAssertion, oidcIssuer } from './oidc.ts';

export interface SignInPorts {
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

/** One way to sign in for which everything needed was given. */
interface Way {
  readonly name: string;
  readonly credential: TokenCredential;
}

/**
 * Signs in with what was given, in this order: the OIDC token of GitHub or Azure DevOps, client secret, managed identity, the session that
 * azure/login left. The first way that yields a token is used for the whole run; when none does, the Stop says what was tried and why it failed.
 */
export async function signIn(identity: Identity, cloud: Cloud, ports: SignInPorts): Promise<TokenCredential> {
  const ways = await waysOf(identity, cloud, ports);
  const failures: string[] = [];
  for (const { name, credential } of ways) {
    try {
      const token: AccessToken | null = await credential.getToken(cloud.armScope);
      if (token === null) throw new Error('it yielded no token');
      ports.log.secret(token.token);
      ports.log.info(`Signed in with ${name}.`);
      return credential;
    } catch (error) {
      ports.signal?.throwIfAborted();
      failures.push(`${name}: ${reason(error)}`);
    }
  }
  throw new Stop(
    'failed',
    `Could not sign in to Azure. Tried ${failures.join('; ')}. ${missing(identity)}`.trim(),
    failures.some((each) => each.includes(ENTRA_UNANSWERED))
      ? 'Nobody was refused: run the phase again in some minutes. https://azure.status.microsoft tells whether Entra has trouble.'
      : 'Fix one of these, or give client-id and tenant-id with `permissions: id-token: write`, or run azure/login (at a terminal: az login) before.',
  );
}

async function waysOf(identity: Identity, cloud: Cloud, ports: SignInPorts): Promise<readonly Way[]> {
  // Loaded here: the library takes two seconds to load, and nothing else needs it.
  const azure = await import('@azure/identity');
  const { clientId, tenantId, clientSecret, oidc, managedIdentity, subscriptionId } = identity;
  const { explained, ...transport } = await identityTransport(ports);
  const options = {
    authorityHost: identity.authorityHost ?? cloud.authority,
    // A cloud of one's own is not in Microsoft's list of authorities; the user vouches for it.
    disableInstanceDiscovery: cloud.name === 'own' || identity.authorityHost !== undefined,
    ...transport,
  };
  const ways: Way[] = [];
  if (clientId !== undefined && tenantId !== undefined && oidc !== undefined) {
    const assertion = () => oidcAssertion(oidc, ports);
    ways.push({
      name: `${oidcIssuer(oidc)}'s OIDC token (client ${clientId})`,
      credential: explained(new azure.ClientAssertionCredential(tenantId, clientId, assertion, options)),
    });
  }
  if (clientId !== undefined && tenantId !== undefined && clientSecret !== undefined) {
    ways.push({
      name: `the client secret (client ${clientId})`,
      credential: explained(new azure.ClientSecretCredential(tenantId, clientId, clientSecret, options)),
    });
  }
  // A client id without a tenant names the user-assigned identity of the machine.
  if (managedIdentity !== undefined || (clientId !== undefined && tenantId === undefined)) {
    ways.push({
      name: clientId === undefined ? 'the managed identity' : `the managed identity (client ${clientId})`,
      credential: new azure.ManagedIdentityCredential({
        ...(clientId === undefined ? {} : { clientId }),
        ...transport,
      }),
    });
  }
  ways.push({
    name: "the Azure CLI's session (azure/login, az login)",
    credential: new azure.AzureCliCredential({
      // `az account get-access-token` refuses both at once; a subscription lies in one tenant.
      ...(subscriptionId !== undefined ? { subscription: subscriptionId } : tenantId !== undefined ? { tenantId } : {}),
    }),
  });
  return ways;
}

/** Why the way that most users want was not even tried. */
function missing({ clientId, tenantId, oidc, clientSecret }: Identity): string {
  if (clientId === undefined || tenantId === undefined || oidc !== undefined || clientSecret !== undefined) return '';
  return 'OIDC was not tried: the job has no `permissions: id-token: write`.';
}

/** The first sentence: Entra's messages go on with trace ids and time stamps. */
function reason(error: unknown): string {
  const message = messageOf(error);
  const [first = message] = message.trim().split(/\r?\n| Trace ID:/);
  return first.replace(/[.\s]+$/, '').slice(0, 400);
}
