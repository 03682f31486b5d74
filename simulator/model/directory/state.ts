/** An application of Microsoft Entra: what a service principal of the tenant signs in as. */
export interface Application {
  /** Its object id, by which Graph knows it. */
  readonly id: string;
  /** Its client id. */
  readonly appId: string;
  displayName: string;
  credentials: FederatedCredential[];
}

/** Whose tokens it takes in the place of a secret. */
export interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly description: string | null;
  readonly audiences: readonly string[];
}
