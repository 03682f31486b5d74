import type { ModelRequest, ModelResponse, Variant } from '../model/world.ts';
import type { IssuerKeys } from './assertions.ts';

export interface SimulatorOptions {
  /** How many times as fast as real time Azure works. Default 1. */
  readonly timeScale?: number;
  /** Surprises that are switched on from the start. */
  readonly variants?: readonly Variant[];
  /** Where contents, databases and logs are kept. Default: a temporary directory that is removed at the end. */
  readonly data?: string;
  /** Production's build, a zip: its path or its bytes. Default: version 1 of the sample shop. */
  readonly package?: string | Uint8Array;
  /** SQL that is run once in the database. Default: the sample shop's tables; with `package`, nothing. */
  readonly seedSql?: string;
  /** A subscription with nothing in it, and its owner: no shop is made. */
  readonly empty?: boolean;
  /** App settings of production. */
  readonly appSettings?: Readonly<Record<string, string>>;
  /** Simulated start, in milliseconds since the epoch. Default: now. */
  readonly start?: number;
  /** Federated credentials of the deploying principal. */
  readonly federated?: readonly { readonly issuer: string; readonly subject: string; readonly audience: string }[];
  /** Keys of OpenID issuers, by issuer: the key set, or the address where it is read. */
  readonly issuers?: Readonly<Record<string, IssuerKeys>>;
  /** Addresses as Azure is to see them, by the address from which a caller really comes, such as 127.0.0.1. */
  readonly callers?: Readonly<Record<string, string>>;
  /** Hears of every request to the resource manager and to SCM sites, with its answer. */
  readonly observe?: (request: ModelRequest, response: ModelResponse) => void;
  /**
   * `ports`: every host is `localhost` with a port of its own. `names`: they are named as on azurewebsites.net, for
   * clients that take names apart; who asks must be able to resolve what lies below `localhost`. Default `ports`.
   */
  readonly hosts?: 'names' | 'ports';
  /** How many slots can have hosts of their own, with `ports` (two each). Default 8. */
  readonly slots?: number;
}

/** What clients need to know, as the ready file says it. */
export interface Ready {
  readonly resourceManager: string;
  readonly authority: string;
  /** App Service style: IDENTITY_ENDPOINT; any IDENTITY_HEADER will do. */
  readonly managedIdentity: string;
  /** The authority's certificate, for NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE and the like. */
  readonly caFile: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** An owner of the subscription; the client above is the deployer, with the role of README.md. */
  readonly operatorId: string;
  readonly operatorSecret: string;
  readonly resourceGroup: string;
  readonly appName: string;
  readonly sqlServer: string;
  readonly sqlHost: string;
  readonly sqlPort: number;
  readonly sqlUser: string;
  readonly sqlPassword: string;
  readonly database: string;
  readonly productionUrl: string;
  readonly scmUrl: string;
  readonly timeScale: number;
}
