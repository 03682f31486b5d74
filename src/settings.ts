/**
 * What the user asked for, read once at the start by `inputs.ts`. Fields are named as the inputs are, in camelCase,
 * and keep their units. Nothing else in the action reads an input or an environment variable of the runner.
 */

/** The way of a deployment that goes well, in its order. */
export const usualWay = [
  'preflight',
  'clone',
  'read-only',
  'switch',
  'deploy',
  'validate',
  'complete',
  'cleanup',
] as const;
export const phases = [...usualWay, 'rollback', 'status'] as const;
export type Phase = (typeof phases)[number];

export const modes = ['read-only', 'read-write'] as const;
/** What visitors may do while the clone serves: read, or also write (and lose what they wrote). */
export type Mode = (typeof modes)[number];

export const profileNames = ['optimizely-cms12', 'optimizely-cms11', 'xperience-kentico', 'umbraco', 'custom'] as const;
export type ProfileName = (typeof profileNames)[number];

export const rollbackScopes = ['code', 'code-and-database'] as const;
export type RollbackScope = (typeof rollbackScopes)[number];

/** One `KEY=VALUE` line. The value may hold placeholders (see `placeholders.ts`). */
export interface KeyValue {
  readonly name: string;
  readonly value: string;
}

/** A request that must be answered in this way while the site is read-only. */
export interface ReadOnlyProbe {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`. */
  readonly path: string;
  readonly status: number;
  /** Where the answer must redirect to: a path, or an absolute URL. Undefined: not looked at. */
  readonly location?: string;
}

/** Where the running version is read. */
export type VersionSource =
  /** The whole answer, white space at both ends removed. */
  | { readonly kind: 'body'; readonly path: string }
  /** A header of the answer. */
  | { readonly kind: 'header'; readonly path: string; readonly header: string }
  /** A member of the JSON answer, named by a JSON pointer (RFC 6901) such as `/version`. */
  | { readonly kind: 'json'; readonly path: string; readonly pointer: string };

/** How the action signs in to the databases. */
export type SqlAccess =
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

/** The server of the original databases, as the user named it. */
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

/** What can be used to sign in to Azure: everything that was given, in no order. */
export interface Identity {
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  /** Undefined: the only subscription of the session, or a refusal. */
  readonly subscriptionId: string | undefined;
  /** From `AZURE_CLIENT_SECRET`; masked. */
  readonly clientSecret: string | undefined;
  /** GitHub's OIDC provider, present when the job has `permissions: id-token: write`. The token is masked. */
  readonly oidc: { readonly requestUrl: string; readonly requestToken: string } | undefined;
  /** The managed identity endpoint of App Service style hosts (`IDENTITY_ENDPOINT`, `IDENTITY_HEADER`). */
  readonly managedIdentity: { readonly endpoint: string; readonly header: string } | undefined;
  /** From `AZURE_AUTHORITY_HOST`; undefined: the one that belongs to `azureEnvironment`. */
  readonly authorityHost: string | undefined;
}

/** The workflow run that we are part of; empty strings outside GitHub. */
export interface GitHubContext {
  /** `owner/name`. */
  readonly repository: string;
  readonly runId: string;
  /** 1 for the first attempt. */
  readonly runAttempt: number;
  readonly actor: string;
  /** Such as `https://github.com`. */
  readonly serverUrl: string;
  /** Such as `https://api.github.com`. */
  readonly apiUrl: string;
  readonly sha: string;
  /** From `github-token`; masked. Undefined when the input is empty. */
  readonly token: string | undefined;
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
}

/**
 * What `clone` writes into its record, so that later phases may leave it out. Without a record these are the
 * defaults of {@link defaultsOfRecorded}; `withRecord` puts the record's values in and refuses a contradiction.
 */
export interface RecordedInputs {
  readonly mode: Mode;
  readonly profile: ProfileName;
  readonly readonlySlot: string;
  readonly stagingSlot: string;
  /** Names of the original databases, in alphabetical order. Undefined: those found in production's connection strings. */
  readonly databases: readonly string[] | undefined;
}

/** Used by the first phases; later the record decides. They cannot stand in action.yml: a default would hide what was left out. */
export const defaultsOfRecorded: RecordedInputs = {
  mode: 'read-only',
  profile: 'custom',
  readonlySlot: 'zdd-readonly',
  stagingSlot: 'zdd-staging',
  databases: undefined,
};

export interface Settings extends RecordedInputs {
  /** The recorded inputs that the user really wrote in this step. */
  readonly given: Partial<RecordedInputs>;
  /** In the order in which they run; never empty, none twice. */
  readonly phase: readonly Phase[];
  readonly dryRun: boolean;
  /** An id, `open` for whichever deployment is open, or undefined: the one that this workflow run began. */
  readonly deploymentId: string | undefined;

  readonly resourceGroup: string;
  readonly appName: string;
  /** Undefined: the one that production's connection strings name. */
  readonly sqlServer: SqlServerName | undefined;
  readonly adoptSlots: boolean;
  readonly acceptDataLoss: boolean;

  /** App settings of the read-only copy; they are added to the profile's and win over them. */
  readonly readonlySettings: readonly KeyValue[];
  /**
   * App settings or connection strings of the read-only copy that cannot be found by parsing. A name that exists as a
   * connection string in production replaces that one, any other becomes an app setting.
   */
  readonly cloneConnectionSettings: readonly KeyValue[];
  /** App settings of the new build, added to the live build's. */
  readonly appSettings: readonly KeyValue[];
  /** Service objective of the clones, such as `S3` or `GP_Gen5_2`. Undefined: as the original. */
  readonly cloneServiceObjective: string | undefined;
  /** Elastic pool of the clones. Undefined: as the original. */
  readonly cloneElasticPool: string | undefined;

  /** Path of the new build's zip file, absolute. */
  readonly package: string | undefined;
  /** Path of a zip file with exactly the live build, absolute; instead of copying it from production. */
  readonly currentPackage: string | undefined;
  readonly migrateCommand: string | undefined;

  readonly rollbackScope: RollbackScope;
  /** A UTC instant, ISO 8601 with up to 7 decimals and `Z`, instead of the recorded rollback point. */
  readonly rollbackPoint: string | undefined;

  /** Begins with `/`; healthy means status 200. */
  readonly healthPath: string;
  /** Seconds. */
  readonly healthTimeout: number;
  /** Paths that `validate` and the probes ask for; each must answer 2xx. */
  readonly smokePaths: readonly string[];
  /** Undefined: the profile's. */
  readonly readOnlyProbes: readonly ReadOnlyProbe[] | undefined;
  /** Headers sent with every probe; values are masked. */
  readonly probeHeaders: readonly KeyValue[];
  readonly expectedVersion: string | undefined;
  readonly versionSource: VersionSource;
  /** Undefined: the profile's. */
  readonly schemaVersionQuery: string | undefined;
  readonly ignoreSchema: boolean;
  /** The reason for completing without a passing verdict. */
  readonly overrideValidation: string | undefined;
  /** Failed probes that are tolerated while visitors are moved and in the soak. */
  readonly maxErrors: number;

  /** How long `switch` waits for the original database to become quiet. */
  readonly drainSeconds: number;
  /** How long `complete` watches production after the window. */
  readonly soakSeconds: number;
  /** How long after its intent a swap that left no trace counts as not happened. */
  readonly swapSettleSeconds: number;
  /** Seconds that a swap may take altogether. */
  readonly swapTimeout: number;
  readonly allowOtherWriters: boolean;
  readonly keepLiveBuild: boolean;
  /** Storage account whose blob versioning the profile needs. */
  readonly storageAccount: string | undefined;
  /** `status` fails when the read-only window is open for longer. Undefined: no limit. */
  readonly maxReadOnlyMinutes: number | undefined;

  readonly sqlAccess: SqlAccess;
  readonly azureEnvironment: AzureEnvironment;
  readonly identity: Identity;
  readonly github: GitHubContext;
  /** How much faster than real time all waits run: 1, or more against a resource manager of one's own (`ZDD_CLOCK_RATE`). */
  readonly clockRate: number;
}
