import type { AzureEnvironment, Identity, SqlLogin, SqlServerName } from './azure.ts';
import type { AskedScope, ConnectionStringType } from './choices.ts';
import type { GitHubContext } from './github.ts';
import type { HookSettings } from './hooks.ts';
import type { PhaseName } from './phases.ts';
import type { ReadOnlyProbe, VersionSource, WriteProbe } from './probes.ts';
import type { RecordedInputs } from './recorded.ts';
import type { WindowPolicy } from './window-limit.ts';

/** One `KEY=VALUE` line. The value may hold placeholders (see `placeholders.ts`). */
export interface KeyValue {
  readonly name: string;
  readonly value: string;
}

export interface CloneSetting extends KeyValue {
  /** It becomes a connection string of this type. */
  readonly type?: ConnectionStringType;
}

/** Another app that works on the same databases, and what becomes of it meanwhile. */
export interface OtherApp {
  readonly resourceGroup: string;
  readonly name: string;
  /**
   * `stop`: it does not run for as long as the originals must be quiet. `read-only`: its visitors are on a copy of its own
   * meanwhile, and then on the same build again. `build`: the same, and then on a new build.
   */
  readonly does: 'stop' | 'read-only' | 'build';
  /** The new build, by the settings of the same names. */
  readonly package?: string;
  readonly image?: string;
}

/** What can be said of each of several apps. */
export interface AppSettings {
  readonly readonlySettings: readonly KeyValue[];
  readonly cloneConnectionSettings: readonly CloneSetting[];
  readonly appSettings: readonly KeyValue[];
  readonly newConnectionStrings: readonly Required<CloneSetting>[];
  readonly healthPath: string;
  readonly smokePaths: readonly string[];
}

/**
 * What the user asked for, read once at the start by `inputs.ts`. Fields are named as the inputs are, in camelCase,
 * and keep their units. Nothing else in the action reads an input or an environment variable of the runner.
 */
export interface Settings extends RecordedInputs {
  /** The recorded inputs that the user really wrote in this step. */
  readonly given: Partial<RecordedInputs>;
  /** Input `phase`, in the order in which they run; never empty, none twice. */
  readonly phases: readonly PhaseName[];
  readonly dryRun: boolean;
  /** An id, `open` for whichever deployment is open, or undefined: the one that this workflow run began. */
  readonly deploymentId: string | undefined;

  readonly resourceGroup: string;
  readonly appName: string;
  /** Empty: those that production's connection strings name, or those of `databases`. */
  readonly sqlServers: readonly SqlServerName[];
  readonly adoptSlots: boolean;
  /** Size to which the App Service plan is scaled up, once, where it has no room for the slots. Undefined: it is left alone. */
  /** `clone` makes the slots, and in every database a user for the identity of each. */
  readonly slotUsers: boolean;
  readonly planSku: string | undefined;
  /** Slots of the team that swap by themselves into production: not while a deployment is open. */
  readonly pauseAutoSwap: readonly string[];
  /** Slot settings that travel with their builds while a deployment is open. */
  readonly releaseSlotSettings: readonly string[];
  readonly acceptDataLoss: boolean;

  /** App settings of the read-only copy; they are added to the profile's and win over them. */
  readonly readonlySettings: readonly KeyValue[];
  /**
   * App settings or connection strings of the read-only copy that cannot be found by parsing. A name that exists as a
   * connection string in production replaces that one, one with a type makes it, any other becomes an app setting.
   */
  readonly cloneConnectionSettings: readonly CloneSetting[];
  /** App settings of the new build, added to the live build's. */
  readonly appSettings: readonly KeyValue[];
  /** Connection strings of the new build, likewise; from the same input. */
  readonly newConnectionStrings: readonly Required<CloneSetting>[];
  /** Service objective of the clones, such as `S3` or `GP_Gen5_2`. Undefined: as the original. */
  readonly cloneServiceObjective: string | undefined;
  /** Elastic pool of the clones. Undefined: as the original. */
  readonly cloneElasticPool: string | undefined;

  /** Path of the new build's zip file, absolute. */
  readonly package: string | undefined;
  /** Input `package`, where it is a URL (`https://…`), with its signature. */
  readonly packageUrl: string | undefined;
  /** The new build as an image, such as `shop.azurecr.io/shop:2` or `…@sha256:…`. */
  readonly image: string | undefined;
  /** The new build may be the one that production runs already. */
  readonly sameBuild: boolean;
  /** Path of a zip file with exactly the live build, absolute; instead of copying it from production. */
  readonly currentPackage: string | undefined;
  /**
   * Folders below wwwroot, each with a slash at its end, whose files are carried to the copy and to the new build; empty: files
   * that no package has may be lost. Undefined: nothing was said.
   */
  readonly keepFiles: readonly string[] | undefined;
  readonly migrateCommand: string | undefined;
  /** Brings what the other commands need to the runner. */
  readonly setupCommand: string | undefined;
  /** Runs before the read-only copy is started: tells it its database where no setting of App Service reaches it. */
  readonly copyCommand: string | undefined;
  /** Runs when the new build runs, with nobody on it. */
  readonly afterStartCommand: string | undefined;
  /** Seconds that each of the commands may take. */
  readonly migrateTimeout: number;
  /** Environment of one command each; values are masked. */
  readonly setupEnv: readonly KeyValue[];
  readonly copyEnv: readonly KeyValue[];
  readonly migrateEnv: readonly KeyValue[];
  readonly afterStartEnv: readonly KeyValue[];
  readonly hookEnv: readonly KeyValue[];
  /** Who is told what the run does. */
  readonly hooks: HookSettings;
  /** The commands may sign in to Azure as the run does. */
  readonly commandsSignIn: boolean;

  readonly rollbackScope: AskedScope;
  /** A UTC instant, ISO 8601 with up to 7 decimals and `Z`, instead of the recorded rollback point. */
  readonly rollbackPoint: string | undefined;
  /** The databases are replicated and stay so: they are never restored. See `without-restore.ts`. */
  readonly noDatabaseRollback: boolean;
  /** The restore that a rollback of the databases needs is begun as soon as the rollback point is taken. */
  readonly prepareRollback: boolean;

  /** Begins with `/`; healthy means status 200. */
  readonly healthPath: string;
  /** What counts as warm beside 200 when Azure asks `healthPath` over http before a swap. Undefined: see `warm-up.ts`. */
  readonly warmUpStatuses: readonly number[] | undefined;
  /** Seconds. */
  readonly healthTimeout: number;
  /** Paths that `validate` and the probes ask for; each must answer 2xx. */
  readonly smokePaths: readonly string[];
  /** Paths that reviewers see beside these; nothing hangs on how they answer. */
  readonly reviewPaths: readonly string[];
  /** Undefined: the profile's. */
  readonly readOnlyProbes: readonly ReadOnlyProbe[] | undefined;
  /** Sent to the new build only: on the staging slot by `validate`, in production by `complete`. */
  readonly writeProbes: readonly WriteProbe[];
  /** Headers sent with every probe; values are masked. */
  readonly probeHeaders: readonly KeyValue[];
  readonly expectedVersion: string | undefined;
  readonly versionSource: VersionSource;
  /** Undefined: the profile's. `none`: it is not asked. */
  readonly schemaVersionQuery: string | undefined;
  readonly ignoreSchema: boolean;
  /** The reason for completing without a passing verdict. */
  readonly overrideValidation: string | undefined;
  /** Failed probes that count for nothing while visitors are moved and in the soak. */
  readonly maxErrors: number;

  /** How long `switch` waits for the original database to become quiet. */
  readonly drainSeconds: number;
  /** How long `complete` watches production after the window. */
  readonly soakSeconds: number;
  /** How long after its intent a swap that left no trace counts as not happened. */
  readonly swapSettleSeconds: number;
  /** Seconds that a swap may take altogether. */
  readonly swapTimeout: number;
  /** Seconds; 0: visitors stay on the read-only copy when `switch` misses its deadline. */
  readonly switchTimeout: number;
  readonly allowOtherWriters: boolean;
  /** The read-only copy need not be seen at work in the clones: it asks the database for none of the pages that it is asked for. */
  readonly acceptUnseenCopy: boolean;
  /** Input `other-apps`, in its order. */
  readonly otherApps: readonly OtherApp[];
  /** What lines with `[app]` say of apps that move along, added to what is said of all. By `<resource group>/<app>`, lower case. */
  readonly ofApps: Readonly<Record<string, AppSettings>>;
  /** Of an app that moves along, and no line names. */
  readonly ofOthers: AppSettings;
  readonly keepLiveBuild: boolean;
  /** Storage account whose blob versioning the profile needs. */
  readonly storageAccount: string | undefined;
  /** Absolute path of the file for what visitors wrote to copies in mode `read-write`. */
  readonly lostWritesFile: string | undefined;
  /** How long the read-only window may be open. Undefined: no limit. */
  readonly maxReadOnlyMinutes: number | undefined;
  /** What then. Undefined: `status` fails, `validate` and `complete` warn. */
  readonly onWindowExceeded: WindowPolicy | undefined;

  /** Undefined: unless the server has a private endpoint. */
  readonly openFirewall: boolean | undefined;
  /** The identity that alone may swap; undefined: the one that signed in. A GUID. */
  readonly swapClientId: string | undefined;
  readonly sqlAccess: SqlLogin;
  readonly azureEnvironment: AzureEnvironment;
  readonly identity: Identity;
  readonly github: GitHubContext;
  /** The page of the run also becomes a comment on the pull request that it is of. */
  /** True: the one of the run's ref. */
  readonly commentOnPullRequest: boolean | number;
  /** The environment under which GitHub lists the deployment. Undefined: under none. */
  readonly githubDeployment: string | undefined;
  /** How much faster than real time all waits run: 1, or more against a resource manager of one's own (`ZDD_CLOCK_RATE`). */
  readonly clockRate: number;
}
