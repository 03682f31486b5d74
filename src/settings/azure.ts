/** How the action signs in to the databases. */
export type SqlLogin =
  /** An Entra token of the identity that also signs in to Azure. */
  | { readonly kind: 'token' }
  /** A SQL login. `host` and `port` when the string names a server; its database is not looked at. */
  | {
      readonly kind: 'connection-string';
      readonly host: string | undefined;
      readonly port: number | undefined;
      readonly user: string;
      readonly password: string;
    };

export type AzureEnvironment =
  | { readonly kind: 'public' | 'government' | 'china' }
  /** A resource manager of one's own (Azure Stack, the simulator): an https origin without a trailing slash. */
  | { readonly kind: 'own'; readonly resourceManager: string };

/** A server of the original databases, as the user named it. */
export type SqlServerName =
  /** In the resource group of the app, or found by name in the subscription. */
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'resource-id';
      readonly id: string;
      readonly subscriptionId: string;
      readonly resourceGroup: string;
      readonly name: string;
    };

/**
 * GitHub's OIDC provider, there when the job has `permissions: id-token: write`; or, with the id of a service connection, that of
 * Azure DevOps. The token is masked.
 */
export interface OidcProvider {
  readonly requestUrl: string;
  readonly requestToken: string;
  readonly serviceConnectionId?: string;
}

/** What can be used to sign in to Azure: everything that was given, in no order. */
export interface Identity {
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  /** Undefined: the only subscription of the session, or a refusal. */
  readonly subscriptionId: string | undefined;
  /** From `AZURE_CLIENT_SECRET`; masked. */
  readonly clientSecret: string | undefined;
  /** Who tells Azure which job this is. */
  readonly oidc: OidcProvider | undefined;
  /** The managed identity endpoint of App Service style hosts (`IDENTITY_ENDPOINT`, `IDENTITY_HEADER`). */
  readonly managedIdentity: { readonly endpoint: string; readonly header: string } | undefined;
  /** From `AZURE_AUTHORITY_HOST`; undefined: the one that belongs to `azureEnvironment`. */
  readonly authorityHost: string | undefined;
}
