import type { Span } from './window.ts';

/** An Azure in which a shop is open: the simulated one, or Azure itself. */
export interface ShopAzure {
  readonly shop: Shop;
  /** What our deployment left, and what was asked that this Azure does not know. From then on its databases let this machine in. */
  look(): Promise<Looked>;
  stop(): Promise<void>;
}

/** What visitors, the owner's workflow and whoever looks afterwards need to know of it. */
export interface Shop {
  readonly resourceManager: string;
  /** Where tokens come from; undefined where the action knows by itself. */
  readonly authority?: string;
  /** A certificate authority that nobody trusts otherwise. */
  readonly caFile?: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** The client id of whoever deploys. Undefined: whoever is signed in with the Azure CLI. */
  readonly deployer: string | undefined;
  /** Secrets of the owner's repository. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly resourceGroup: string;
  readonly appName: string;
  readonly sqlHost: string;
  readonly sqlPort: number;
  readonly sqlUser: string;
  readonly sqlPassword: string;
  readonly database: string;
  readonly productionUrl: string;
}

export interface Looked {
  readonly leftovers: readonly string[];
  readonly unmodelled: readonly string[];
  /** When the machine gave this Azure no time: then nobody could have answered. */
  readonly stalls: readonly Span[];
}
