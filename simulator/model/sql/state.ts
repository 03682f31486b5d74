/** The simulated Azure SQL as plain data. Instants are simulated milliseconds since the epoch. */
export interface SqlWorld {
  /** What a new server is called where names of Azure lead nowhere. */
  hostName?: string;
  /** Logical servers by lower-case name. */
  servers: Record<string, SqlServer>;
  /** What databases hold, by content id. A content stays when its database is dropped: restores may need it. */
  contents: Record<string, Content>;
  /** Open sessions by session id (`@@SPID`). */
  sessions: Record<number, Session>;
  /** Long operations by id, ended ones too. */
  operations: Record<string, SqlOperation>;
  /** What happens by itself later, in no particular order. */
  pending: SqlPending[];
  /** Outcomes to come, used up one at a time: the next copy ends SUSPECT, the next SET READ_ONLY answers 5061, … */
  injected: InjectedOutcome[];
  nextSessionId: number;
}

export interface SqlServer {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly fullyQualifiedDomainName: string;
  readonly administratorLogin: string;
  administratorPassword: string;
  /** The Microsoft Entra administrator: a client id of `World.principals`. */
  entraAdministrator?: string;
  publicNetworkAccess: 'Enabled' | 'Disabled';
  /** Names of private endpoints; a client that comes through one needs neither public access nor a firewall rule. */
  privateEndpoints: string[];
  /** Other names, without zone, that lead here. */
  dnsAliases: string[];
  /** The least that a client must speak; absent: any. */
  minimalTlsVersion?: '1.2' | '1.3';
  /** No sign-in by password: only Microsoft Entra's. */
  entraOnly?: boolean;
  tags: Record<string, string>;
  /** By lower-case name. */
  firewallRules: Record<string, FirewallRule>;
  /** By lower-case name. */
  databases: Record<string, Database>;
  elasticPools: Record<string, ElasticPool>;
  failoverGroups: Record<string, FailoverGroup>;
}

export interface FirewallRule {
  readonly name: string;
  startIpAddress: string;
  endIpAddress: string;
  /** From when on logins feel it. */
  effectiveAt: number;
}

export interface ElasticPool {
  readonly name: string;
  readonly sku: Sku;
  /** How many databases it may hold; absent: more than anybody has. */
  maxDatabases?: number;
}

interface FailoverGroup {
  readonly name: string;
  readonly partnerServerId: string;
  /** Names of databases. */
  databases: string[];
}

export interface Sku {
  readonly name: string;
  readonly tier: string;
  readonly family?: string;
  readonly capacity: number;
}

type DatabaseStatus = 'Online' | 'Creating' | 'Copying' | 'Restoring' | 'Suspect' | 'Paused' | 'Resuming';

export interface Database {
  /** Never changes, through renames too. */
  readonly databaseId: string;
  name: string;
  contentId: string;
  status: DatabaseStatus;
  /** `sys.databases.is_read_only`. */
  isReadOnly: boolean;
  tags: Record<string, string>;
  sku: Sku;
  elasticPoolId?: string;
  maxSizeBytes: number;
  collation: string;
  backupStorageRedundancy: string;
  licenseType?: string;
  zoneRedundant: boolean;
  /** Not shown before it has come. */
  creationDate: number;
  /** First instant to which one can restore (the end of the first backup); not shown before it has come. */
  backupsFrom: number;
  shortTermRetentionDays: number;
  diffBackupIntervalInHours: number;
  longTermRetention: { weeklyRetention: string; monthlyRetention: string; yearlyRetention: string; weekOfYear: number };
  isAuditingEnabled: boolean;
  /** Names of linked databases on other servers. */
  replicationLinks: ReplicationLink[];
  /** Serverless: pause after so many minutes without a session; -1 never. Absent on provisioned compute. */
  autoPauseDelay?: number;
  minCapacity?: number;
  /** How often users have asked for its content since it came up: what `sys.dm_db_index_usage_stats` adds up to. */
  reads?: number;
  /** The same of statements that write, and when the last of them came. */
  updates?: { readonly count: number; readonly at: number };
  /** When the last session ended or began; pausing counts from here. */
  lastActiveAt: number;
  /** Milliseconds by which the clock of its own node is ahead; those of two databases of one server need not agree. */
  clockAheadMs?: number;
  /** The operation that is under way on this database; a second one is refused. */
  operationId?: string;
  /** A rename just made: logins work again from then on. */
  availableFrom: number;
  /** Renamed as soon as the last connection has gone (variant `rename-waits-for-connections`). */
  renameTo?: string;
  users: DatabaseUser[];
  /** Session-owned application locks by resource: session id and mode. */
  appLocks: Record<string, { sessionId: number; mode: string }[]>;
}

interface ReplicationLink {
  readonly name: string;
  readonly partnerServer: string;
  readonly partnerDatabase: string;
  readonly partnerLocation: string;
}

/** A user in a database: contained with a password, or of a Microsoft Entra principal. Copies carry users along. */
export interface DatabaseUser {
  readonly name: string;
  /** Client id for a user FROM EXTERNAL PROVIDER. */
  readonly clientId?: string;
  readonly password?: string;
  /** Such as `db_owner`, `db_datareader`, `db_datawriter`, `db_ddladmin`. */
  roles: string[];
  /** Such as `VIEW DATABASE STATE`. */
  permissions: string[];
}

export interface Content {
  readonly id: string;
  /** Absent for a content that began empty. */
  readonly from?: { readonly contentId: string; readonly at: number };
  /** The in-memory content for runs without the T-SQL engine: schema versions set, and rows written, in order of time. */
  readonly schemas: { readonly version: string; readonly at: number }[];
  readonly writes: ContentWrite[];
}

export interface ContentWrite {
  readonly id: string;
  readonly at: number;
  readonly by: string;
}

export interface Session {
  readonly sessionId: number;
  /** Lower-case server name. */
  readonly server: string;
  /** `databaseId`, or `master`. */
  readonly databaseId: string;
  readonly loginTime: number;
  readonly hostName: string;
  readonly programName: string;
  readonly hostProcessId: number;
  readonly loginName: string;
  /** The user in the database: `dbo` for administrators. */
  readonly userName: string;
  readonly clientId?: string;
  readonly from: string;
  /** Set by SET LOCK_TIMEOUT and the like are ignored; this is the last time it asked something. */
  lastRequestAt: number;
  openTransactions: number;
  /** Rows that it has written; absent: none, or by the T-SQL engine, which does not say. */
  writes?: number;
}

export type SqlOperationKind =
  | 'CreateDatabaseAsCopy'
  | 'CreateRestoreRequest'
  | 'CreateLogicalDatabase'
  | 'UpdateLogicalDatabase'
  | 'DropLogicalDatabase';

export interface SqlOperation {
  readonly id: string;
  readonly kind: SqlOperationKind;
  readonly server: string;
  readonly databaseId: string;
  readonly databaseName: string;
  readonly startedAt: number;
  readonly endsAt: number;
  state: 'InProgress' | 'Succeeded' | 'Failed' | 'Cancelled';
  error?: { readonly code: string; readonly message: string };
}

export type SqlPending =
  | {
      readonly kind: 'end-operation';
      readonly at: number;
      readonly operationId: string;
      readonly outcome?: 'suspect' | 'failed';
    }
  | {
      readonly kind: 'update-database';
      readonly at: number;
      readonly databaseId: string;
      readonly change: DatabaseChange;
    }
  | {
      readonly kind: 'show-tags';
      readonly at: number;
      readonly databaseId: string;
      readonly tags: Record<string, string>;
    }
  | { readonly kind: 'resumed'; readonly at: number; readonly databaseId: string }
  | { readonly kind: 'kill'; readonly at: number; readonly sessionId: number };

/** What an update of a database changes; only named properties. */
export type DatabaseChange = Partial<
  Pick<
    Database,
    | 'tags'
    | 'sku'
    | 'elasticPoolId'
    | 'maxSizeBytes'
    | 'backupStorageRedundancy'
    | 'autoPauseDelay'
    | 'minCapacity'
    | 'licenseType'
  >
>;

export type InjectedOutcome =
  | 'copy-suspect' // the next copy ends SUSPECT, its operation says Succeeded never
  | 'copy-failed' // the next copy fails and its target vanishes
  | 'restore-failed' // the next restore fails and its target vanishes
  | 'alter-5061' // the next ALTER DATABASE finds the database locked
  | 'poll-404'; // the next poll of an operation answers 404 although it exists

/** What an SQL Server says no with. `class` 20 and above ends the connection. */
export interface SqlFault {
  readonly kind: 'fault';
  readonly number: number;
  readonly message: string;
  readonly class: number;
  readonly state: number;
}
