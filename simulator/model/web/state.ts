/** The simulated App Service as plain data. Instants are simulated milliseconds since the epoch. */
export interface WebWorld {
  /** App Service plans by lower-case name. */
  plans: Record<string, Plan>;
  /** Apps by lower-case name. */
  sites: Record<string, Site>;
  /** What volumes hold, by content id; never changed once made. */
  contents: Record<string, Content>;
  /** Swaps by operation id, ended ones too: their operation results can be polled. */
  swaps: Record<string, Swap>;
  /** What happens by itself later, in no particular order. */
  pending: WebPending[];
  /** Hosts that new slots take two by two (app, SCM); without any, names in `hostZone`. */
  hostPool: string[] | undefined;
  /** `azurewebsites.net`, or what stands for it. */
  readonly hostZone: string;
  /** `processes`: adapters run instances and report. `abstract`: `app/` stands in for them, in the model's own time. */
  instances: 'processes' | 'abstract';
  /** What the abstract application remembers of its running instances, by instance id. */
  apps: Record<string, AbstractApp>;
  /** The same for WebJobs, by the instance id of their process. */
  jobs: Record<string, AbstractApp>;
  /** Outcomes to come, used up one at a time. */
  injected: WebOutcome[];
  /** Registries of container images, by host. */
  registries: Record<string, Registry>;
  /** Packages that lie somewhere on the web, by URL without its query. */
  packages: Record<string, StoredPackage>;
  /** What abstract applications left outside of Azure SQL, in order: mails, messages, entries of an index. */
  elsewhere: LeftElsewhere[];
}

/** What may go wrong once with App Service, as reported; put into `world.web.injected`, used up one at a time. */
export type WebOutcome =
  | 'upload-409' // another deployment is under way: Azure/webapps-deploy#547
  | 'upload-502' // SCM's front end gives up on an upload: projectkudu/kudu#2739
  | 'upload-503' // SCM's front end has nobody behind it for a moment, as after a restart: projectkudu/kudu#2739
  | 'upload-cut' // SCM restarts in the middle of a deployment: Azure-App-Service/kudu#90
  | 'upload-disk-full' // the plan's disk is full: projectkudu/kudu#3196
  | 'upload-503-disk-full' // the same, told by a front end as trouble of its own
  | 'unpack-disk-full' // the same, found out when the upload is unpacked
  | 'download-cut' // the zip of a large wwwroot ends before its end: projectkudu/kudu#3200
  | 'power-409'; // a start or stop meets an operation that has not quite ended: azure-pipelines-tasks#11384

/** A registry of container images: who is let in, and what its names mean. */
export interface Registry {
  /** Lets in who brings nothing, as Docker Hub's public repositories do. */
  readonly isPublic: boolean;
  /** Lets in this user, as the admin user of an Azure Container Registry. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Lets in managed identities of apps. */
  readonly asksForIdentity: boolean;
  /** Client ids with the role AcrPull, who come with a token of Entra. */
  pullers: string[];
  /** By repository, such as `team/shop`. */
  readonly images: Record<string, Repository>;
}

interface Repository {
  /** What each tag means now: a digest. */
  readonly tags: Record<string, string>;
  /** Content by digest: never changed, never removed. */
  readonly manifests: Record<string, string>;
}

/** A zip that lies somewhere on the web, for WEBSITE_RUN_FROM_PACKAGE. */
export interface StoredPackage {
  readonly zip: Uint8Array;
  readonly contentId: string;
  readonly etag: string;
  /** Given only to who comes with this signature (`sig`), and until the instant that `se` says; absent: to everybody. */
  readonly signature?: string;
}

export interface Plan {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly sku: { readonly name: string; readonly tier: string; readonly family: string; readonly capacity: number };
  /** Linux workers. */
  readonly reserved: boolean;
}

export interface Site {
  readonly name: string;
  /** `functionapp`: an app of Azure Functions, which its own triggers start. Default: a web app. */
  readonly kind?: 'functionapp';
  readonly resourceGroup: string;
  readonly location: string;
  readonly plan: string;
  /** By lower-case name; `production` is the app itself. */
  slots: Record<string, Slot>;
  slotConfigNames: SlotConfigNames;
  /** A swap with preview that waits to be completed or reset: lower-case slot names. */
  preview?: Preview;
}

export interface SlotConfigNames {
  connectionStringNames: string[];
  appSettingNames: string[];
  azureStorageConfigNames: string[];
}

interface Preview {
  readonly source: string;
  readonly target: string;
  /** What the source had before the target's sticky settings were applied to it. */
  readonly before: StickyKinds;
}

/** The three kinds of settings that `slotConfigNames` can hold back in a swap. */
export interface StickyKinds {
  settings: Record<string, string>;
  connectionStrings: Record<string, ConnectionString>;
  storageMounts: Record<string, unknown>;
}

export interface ConnectionString {
  readonly value: string;
  readonly type: string;
}

/** A slot: what stays at its place in a swap, and (`occupant`) what travels. */
export interface Slot {
  readonly site: string;
  /** As it was written at its creation; `production` for the app itself. */
  readonly name: string;
  readonly host: string;
  readonly scmHost: string;
  /** Custom domains, which lead here too: they stay with their slot. */
  customHosts: string[];
  state: 'Running' | 'Stopped';
  tags: Record<string, string>;
  identity: Identity | undefined;
  /** Properties of the site that were written and stay, such as `httpsOnly`. */
  properties: Record<string, unknown>;
  /** Properties of `config/web` that were written and stay, such as `alwaysOn`. */
  fixedConfig: Record<string, unknown>;
  auth: Record<string, unknown>;
  /** Names of private endpoints that lead to this slot; a client that comes through one (from `10.…`) meets no restriction. */
  privateEndpoints: string[];
  publishing: { scm: boolean; ftp: boolean };
  /** What of `config/logs` was written. */
  logs?: Record<string, unknown>;
  occupant: Occupant;
  slotSwapStatus: SlotSwapStatus | undefined;
  lastModified: number;
  etag: string;
  /**
   * Requests of every other second still go to the other slot's process until then (variant `both-builds-answer`), and find it stopped
   * when it is (`lingers`, variant `routes-linger`).
   */
  mixed?: { readonly until: number; readonly with: string; readonly lingers: boolean };
  /** What Azure shows instead of what there is, until then (variant `settings-late`). */
  late?: LateView;
  /** The front door answers 503 until then (variant `503-after-swap`). */
  unavailableUntil: number;
  /** The first requests after a swap are slow until then (variant `slow-warm-up`). */
  slowUntil: number;
}

export interface LateView extends Pick<StickyKinds, 'settings' | 'connectionStrings'> {
  readonly until: number;
  readonly slotSwapStatus: SlotSwapStatus | undefined;
}

export interface Identity {
  readonly type: string;
  readonly principalId?: string;
  readonly tenantId?: string;
  readonly userAssignedIdentities?: Record<string, { principalId: string; clientId: string }>;
}

interface SlotSwapStatus {
  readonly timestampUtc: number;
  readonly sourceSlotName: string;
  readonly destinationSlotName: string;
}

/** What a swap carries to the other slot, settings included: sticky ones are put back by the swap. */
interface Occupant extends StickyKinds {
  /** The volume behind `/home`; deployments that are under way follow it. */
  readonly volumeId: string;
  contentId: string;
  deploymentId: string;
  /** Properties of `config/web` that were written and travel: stack, bitness, start command … */
  config: Record<string, unknown>;
  /** Runs the app; absent while stopped. */
  instance: Instance | undefined;
  /** Changes when Kudu restarts, and WebJobs with it. */
  scmInstanceId: string;
  deployments: Deployment[];
}

export interface Instance {
  readonly id: string;
  readonly startedAt: number;
  readonly contentId: string;
  /** What the process sees; fixed at its start. */
  readonly environment: Readonly<Record<string, string>>;
  /** The identity of the slot in which it was started. */
  readonly identity: Identity | undefined;
  state: 'starting' | 'listening' | 'exited';
  exitCode?: number;
  exitedAt?: number;
  /** How often in a row this slot's process has ended by itself. */
  exits: number;
}

export interface Content {
  readonly id: string;
  /** Everything below `/home`, such as `site/wwwroot/server.js`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Files of wwwroot that the last deployment put there; the next one without `clean` removes them. */
  readonly manifest: readonly string[];
  /** When it was put there, and when single files of it were written since then. */
  readonly at: number;
  readonly times?: Readonly<Record<string, number>>;
}

export interface Deployment {
  readonly id: string;
  readonly temporaryId: string;
  readonly deployer: string;
  readonly message: string;
  readonly receivedAt: number;
  readonly endsAt: number;
  readonly restart: boolean;
  /** The content that it leaves behind; absent when the package was no zip. */
  readonly contentId: string | undefined;
  /** Set when it ended. */
  outcome: 'success' | 'failed' | undefined;
  failure?: string;
}

export interface Swap {
  readonly id: string;
  readonly site: string;
  /** Lower-case slot names. */
  readonly source: string;
  readonly target: string;
  readonly startedAt: number;
  stage: 'restarting' | 'warming' | 'switching' | 'settling' | 'succeeded' | 'failed';
  /** Earliest instant of the next stage. */
  notBefore: number;
  /** When warming is given up. */
  deadline: number;
  /** What the source had before: back when the swap fails, and its own sticky values. */
  readonly before: StickyKinds;
  /** The instance that has answered the warm-up request, and its status. */
  warmed?: { readonly instanceId: string; readonly status: number };
  /** The source's process has ended by itself since the swap began. */
  sourceExited?: true;
  failure?: string;
}

export type WebPending =
  | { readonly kind: 'app-starts'; readonly at: number; readonly instanceId: string }
  | { readonly kind: 'app-warms'; readonly at: number; readonly instanceId: string }
  | { readonly kind: 'app-works'; readonly at: number; readonly instanceId: string }
  | { readonly kind: 'swap-step'; readonly at: number; readonly swapId: string }
  | { readonly kind: 'deployment-ends'; readonly at: number; readonly volumeId: string; readonly deploymentId: string }
  | { readonly kind: 'plan-scaled'; readonly at: number; readonly plan: string }
  | { readonly kind: 'restart'; readonly at: number; readonly volumeId: string; readonly ofInstance?: string };

export interface AbstractApp {
  /** Open sessions by connection string name. */
  sessions: Record<string, number>;
  /** The first request that failed to reach a database, in the server's words. */
  fault?: string;
  /** How many requests it has answered, where that matters to it. */
  answered?: number;
  /** How often its background work was refused by the database. */
  refusedWork?: number;
}

export interface LeftElsewhere {
  readonly id: string;
  readonly at: number;
  /** The slot from which it came, and the version of the build. */
  readonly slot: string;
  readonly by: string;
}
