import type { Database } from '../azure/database-shapes.ts';
import type { Named } from '../azure/server-names.ts';
import type { Site } from '../azure/site-shapes.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import type { Beside } from './beside.ts';
import type { Build } from './build.ts';
import type { CloneTags } from './clone-tags.ts';
import type { Marker } from './marker.ts';
import type { DeploymentRecord } from './record.ts';
import type { ThisRun } from './this-run.ts';

/** Everything that a plan may know: one look at Azure, and what this run has seen itself. Plain data, nothing changes it. */
export interface Observed extends AppLook, DatabasePart, RunPart {}

/** An app with its slots. What needs nothing else takes this, so that it serves any app that works on the databases. */
export interface AppLook {
  readonly app: App;
  readonly production: Slot;
  /** The slot of that name, whatever it holds: the read-only copy until `switch`, then the live build. Null when it does not exist. */
  readonly readonlySlot: Slot | null;
  /** The slot of that name: the new build until `complete`, then the read-only copy. Null when it does not exist. */
  readonly stagingSlot: Slot | null;
  /** Null when no input gives one. */
  readonly newBuild: Build | null;
  /**
   * Which image the read-only copy must be: the one that production names, with its digest (`shop.azurecr.io/shop:1@sha256:…`). Null
   * where no such copy is prepared now, production runs no image, or nobody could say what its tag means.
   */
  readonly liveImage: string | null;
  /** Names of all slots but production. Only where a phase asks for them and Azure tells. */
  readonly slotNames?: readonly string[] | undefined;
}

/** An app, and the deployment that decides what the slots of it hold. */
export type DeployedApp = AppLook & Pick<DatabasePart, 'record' | 'deploymentId'>;

/**
 * The databases, and the deployment that their tags record. They may lie on several servers: here, in records and in steps a database
 * is called by its {@link keyOf key}, and `name` of a {@link Database} is that key, too.
 */
export interface DatabasePart {
  /** Every server of the deployment. The first one, by name, has the record. */
  readonly servers: readonly [Server, ...Server[]];
  /** One entry an original database, those of the first server first, then in alphabetical order. */
  readonly databases: readonly Pair[];
  /** Every database of the servers that has one of our names with this deployment's id. */
  readonly ours: readonly Database[];
  readonly record: DeploymentRecord | null;
  readonly recordIn: 'clone' | 'mirror' | null;
  /** The database that holds the record: the clone of the first original. */
  readonly recordDatabase: string;
  /**
   * Untagged databases with the name of our clones or restores that Azure's list of operations proves to be a copy or restore,
   * and when that began.
   */
  readonly madeByCopy: Readonly<Record<string, string>>;
  /** Claims of earlier attempts of this very run that another one has overtaken: ours to delete. */
  readonly strays: readonly Database[];
  /** Other deployments that are open on these servers for this app or one of these databases. */
  readonly others: readonly Other[];
  /** Databases with names of ours, of whatever deployment, of which no record tells. */
  readonly leftovers: readonly Database[];
  /**
   * Firewall rules that were left open and are this app's to close, named as databases are: those of this deployment, for `cleanup` alone,
   * and those of the one that production was left by.
   */
  readonly strayRules: readonly string[];
  /** Firewall rules with names of ours, of whatever deployment, of which none is open; as far as they were looked for and seen. */
  readonly leftoverRules: readonly LeftoverRule[];
  /** SQL facts by database; missing when nobody looked. */
  readonly sql: Readonly<Record<string, SqlFacts>>;
  /** Other apps that work on these databases, as the inputs name them, and those that the record says are stopped. */
  readonly otherApps: readonly OtherAppLook[];
  /** Slots of the team whose auto-swap is to be off while the deployment is open, as inputs and record name them. */
  readonly teamSlots: readonly TeamSlot[];
  /** Other apps that move together with this one, in the order in which they move. */
  readonly companions: readonly Companion[];
  /** The id under which this run works: the open deployment's, or the one that `clone` will give. */
  readonly deploymentId: string;
}

/** A firewall rule that somebody should close, named as databases are, and whom it lets in. */
export interface LeftoverRule {
  readonly name: string;
  readonly address: string;
}

/** What is known without a look: time, and the run itself. */
export interface RunPart {
  /** Azure's clock at the end of the look: ISO 8601, whole seconds. */
  readonly now: string;
  /** `<owner>/<repository>/<run id>/<attempt>`. */
  readonly run: string;
  readonly thisRun: ThisRun;
}

/** Another app with slots of its own, which moves together with the first one. */
export interface Companion {
  /** `<resource group>/<app>`, lower case. */
  readonly key: string;
  /** `read-only`: its candidate is its live build. */
  readonly does: 'read-only' | 'build';
  readonly look: AppLook;
}

/** Another app, as far as the deployment has to do with it. */
export interface OtherAppLook {
  /** `<resource group>/<app>`, lower case. */
  readonly key: string;
  readonly id: string;
  /** Null when there is no such app. */
  readonly site: Site | null;
  /** By the inputs of this run, and not by the record only, which whoever writes tags can write. */
  readonly named: boolean;
}

/** A slot that is neither production nor ours. */
export interface TeamSlot {
  readonly name: string;
  readonly id: string;
  readonly autoSwapWith: string | null;
}

export interface App {
  readonly name: string;
  readonly resourceGroup: string;
  readonly id: string;
  readonly location: string;
  readonly windows: boolean;
  /** Names that stay with a slot in a swap. */
  readonly sticky: {
    readonly appSettings: readonly string[];
    readonly connectionStrings: readonly string[];
    readonly mounts: readonly string[];
  };
}

/** A slot as its resource shows it, for which the Reader role is enough: not what it serves. */
export interface SlotResource {
  /** `production` or the slot's name. */
  readonly name: string;
  readonly id: string;
  readonly site: Site;
  readonly state: string;
  readonly host: string;
  readonly scmHost: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly swapStatus: { readonly at: string; readonly source: string; readonly destination: string } | null;
  /** The other slot of a pending swap preview. */
  readonly previewWith: string | null;
}

/** A slot with its settings. To read these is an action (`config/list/action`), which the Reader role does not have. */
export interface Slot extends SlotResource, SlotSettings {
  readonly marker: Marker | undefined;
  /** The raw marker setting, `` when there is none: comparisons are on the whole. */
  readonly markerText: string;
  readonly build: string | undefined;
  /** Tells a build of production from the next one that somebody brings there. Only where a phase copies or compares it. */
  readonly release?: string | undefined;
  /** config/web as far as a swap carries it or may carry it, and what an image needs to be pulled: see `likeProduction`. */
  readonly travelling: Readonly<Record<string, unknown>>;
  /** What tells the rest of it from another's; undefined where nobody looked. */
  readonly beside?: Beside | undefined;
  readonly autoSwapWith: string | null;
  readonly routed: boolean;
}

/** Where to sign in, and every name by which the apps may know it. */
export interface Server extends Named {
  readonly id: string;
  readonly name: string;
  /** Its own whole name, which its certificate carries. */
  readonly host: string;
  readonly port: number;
  /** Such as `1.2`; empty when the server does not say. */
  readonly minimalTlsVersion: string;
}

export interface Pair {
  /** The original's name at `clone`. */
  readonly name: string;
  /** The original's databaseId at `clone`; before it, the one found under the name. */
  readonly sourceId: string | undefined;
  readonly successorId: string | undefined;
  /** The attempt of the rollback whose restore the successor is. */
  readonly successorOf: number | undefined;
  /** The original, or its recorded successor, under whatever name it has now. */
  readonly original: Database | null;
  /** The database that was the original at `clone`, whatever became of it. */
  readonly source: Database | null;
  /** The database that has the original's name now. */
  readonly underName: Database | null;
  readonly clone: Database | null;
  readonly cloneTags: CloneTags | undefined;
  readonly restored: Database | null;
  /** The restore that was begun ahead of a rollback, whatever became of it: see `prepared-restore.ts`. */
  readonly prepared: Database | null;
  readonly setAside: readonly Database[];
}

export interface Other {
  readonly deploymentId: string;
  readonly app: string;
  readonly run: string;
  readonly actor: string;
  readonly lock: 'claim' | 'held';
  readonly databases: readonly string[];
  /** The id of the database that shows it. */
  readonly claim: string;
}

export interface SqlFacts {
  readonly readOnly: boolean;
  /** Answer of the schema version query; undefined when there is none or it was not asked. */
  readonly schemaVersion?: string | undefined;
  /** Why the schema version query has no answer in this database, in SQL Server's words. */
  readonly schemaRefused?: string | undefined;
}
