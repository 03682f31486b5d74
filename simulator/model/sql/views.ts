import type { SqlValue } from '../../../src/ports.ts';
import { may, type SqlContext } from './context.ts';
import { OWN_DATABASE_ID } from './functions.ts';
import type { Database, Session } from './state.ts';

export type ViewRow = Readonly<Record<string, SqlValue>>;

/** Views of the server by lower-case name: all their columns, for those rows that the caller may see. */
export const VIEWS: Readonly<Record<string, (context: SqlContext) => readonly ViewRow[]>> = {
  'sys.databases': databases,
  'sys.dm_exec_sessions': (context) =>
    visibleSessions(context)
      .map((one) => sessionRow(context, one))
      .concat(systemSession(context), serviceSession(context)),
  'sys.dm_resource_governor_workload_groups': () => [
    { group_id: AZURES, name: 'InMemBackupRestoreGroup' },
    { group_id: USERS, name: `UserPrimaryGroup.DBId${OWN_DATABASE_ID}` },
  ],
  'sys.dm_exec_connections': (context) => visibleSessions(context).map(connectionRow),
  'sys.dm_db_index_usage_stats': usage,
  'sys.dm_exec_requests': (context) => [requestRow(context)],
  'sys.sysprocesses': (context) =>
    visibleSessions(context).map((one) => ({
      spid: one.sessionId,
      hostname: one.hostName,
      program_name: one.programName,
      hostprocess: String(one.hostProcessId),
      loginame: one.loginName,
    })),
  'sys.database_principals': principals,
  'sys.database_role_members': roleMembers,
  'sys.dm_database_copies': () => [],
};

function databases(context: SqlContext): ViewRow[] {
  const master = databaseRow('master', 1, context.now, undefined);
  if (context.database !== undefined)
    return [master, databaseRow(context.database.name, OWN_DATABASE_ID, context.now, context.database)];
  const others = Object.values(context.server.databases).map((one, place) =>
    databaseRow(one.name, OWN_DATABASE_ID + place, context.now, one),
  );
  return context.rights.isServerAdministrator ? [master, ...others] : [master];
}

function databaseRow(name: string, id: number, now: number, database: Database | undefined): ViewRow {
  const states: Record<string, [number, string]> = {
    Suspect: [4, 'SUSPECT'],
    Copying: [7, 'COPYING'],
    Restoring: [1, 'RESTORING'],
  };
  const [state, stateText] = states[database?.status ?? ''] ?? [0, 'ONLINE'];
  return {
    name,
    database_id: id,
    create_date: new Date(Math.min(database?.creationDate ?? 0, now)),
    compatibility_level: 170,
    collation_name: database?.collation ?? 'SQL_Latin1_General_CP1_CI_AS',
    user_access: 0,
    user_access_desc: 'MULTI_USER',
    is_read_only: database?.isReadOnly ?? false,
    state,
    state_desc: stateText,
    snapshot_isolation_state_desc: 'ON',
    is_read_committed_snapshot_on: true,
    recovery_model_desc: 'FULL',
    physical_database_name: database?.databaseId ?? 'master',
  };
}

/** Without VIEW DATABASE STATE one sees only oneself; with it, the sessions of one's own database. */
function visibleSessions(context: SqlContext): Session[] {
  if (!may(context.rights, 'VIEW DATABASE STATE')) return [context.session];
  return Object.values(context.world.sql.sessions).filter(
    (one) => one.databaseId === context.session.databaseId && one.server === context.session.server,
  );
}

function sessionRow(context: SqlContext, session: Session): ViewRow {
  const isOwn = session.sessionId === context.session.sessionId;
  return {
    session_id: session.sessionId,
    login_time: new Date(session.loginTime),
    host_name: session.hostName,
    program_name: session.programName,
    host_process_id: session.hostProcessId,
    client_interface_name: 'TDS',
    login_name: session.loginName,
    original_login_name: session.loginName,
    status: isOwn ? 'running' : 'sleeping',
    is_user_process: true,
    database_id: session.databaseId === 'master' ? 1 : OWN_DATABASE_ID,
    authenticating_database_id: session.databaseId === 'master' ? 1 : OWN_DATABASE_ID,
    open_transaction_count: session.openTransactions,
    writes: session.writes ?? 0,
    last_request_start_time: new Date(session.lastRequestAt),
    last_request_end_time: new Date(session.lastRequestAt),
    row_count: 0,
    group_id: USERS,
  };
}

/** The engine's own sessions are there too, for those who may see them. */
function systemSession(context: SqlContext): ViewRow[] {
  if (!may(context.rights, 'VIEW DATABASE STATE')) return [];
  const row = sessionRow(context, {
    ...context.session,
    sessionId: 7,
    hostName: '',
    programName: '',
    hostProcessId: 0,
    loginName: 'sa',
  });
  return [
    {
      ...row,
      host_name: null,
      program_name: null,
      host_process_id: null,
      is_user_process: false,
      status: 'background',
      login_time: new Date(0),
    },
  ];
}

/**
 * Variant `azure-looks-in`: a service of Azure's is in the database with is_user_process = 1. By its workload group it is
 * none of the users': so Microsoft's own query tells (serverless-tier-overview). Its program name is made up.
 */
function serviceSession(context: SqlContext): ViewRow[] {
  if (!context.world.variants['azure-looks-in'] || !may(context.rights, 'VIEW DATABASE STATE')) return [];
  const from = { hostName: 'DB3C101', programName: 'TdService', hostProcessId: 4, loginName: 'azure' };
  return [
    { ...sessionRow(context, { ...context.session, sessionId: 9, ...from }), status: 'sleeping', group_id: AZURES },
  ];
}

/** Workload groups: of Azure's own work, and of users. */
const AZURES = 260;
const USERS = 2_000_000_026;

function connectionRow(session: Session): ViewRow {
  return {
    session_id: session.sessionId,
    most_recent_session_id: session.sessionId,
    connect_time: new Date(session.loginTime),
    net_transport: 'TCP',
    protocol_type: 'TSQL',
    encrypt_option: 'TRUE',
    auth_scheme: 'SQL',
    client_net_address: session.from,
  };
}

/**
 * One row for all tables: each question about content counts as one scan, each statement that writes as one update. Emptied when a database comes up anew.
 * https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-db-index-usage-stats-transact-sql
 */
function usage({ database, rights }: SqlContext): ViewRow[] {
  if (database?.reads === undefined || !may(rights, 'VIEW DATABASE STATE')) return [];
  const { reads, updates } = database;
  const counted = { user_seeks: 0, user_scans: reads, user_lookups: 0, user_updates: updates?.count ?? 0 };
  const last = { last_user_update: updates ? new Date(updates.at) : null };
  return [{ database_id: OWN_DATABASE_ID, object_id: 1, index_id: 0, ...counted, ...last }];
}

function requestRow(context: SqlContext): ViewRow {
  return {
    session_id: context.session.sessionId,
    request_id: 0,
    start_time: new Date(context.now),
    status: 'running',
    command: 'SELECT',
    database_id: context.database === undefined ? 1 : OWN_DATABASE_ID,
    blocking_session_id: 0,
    wait_type: null,
    open_transaction_count: context.session.openTransactions,
  };
}

const FIXED_ROLES = [
  'db_owner',
  'db_accessadmin',
  'db_securityadmin',
  'db_ddladmin',
  'db_backupoperator',
  'db_datareader',
  'db_datawriter',
  'db_denydatareader',
  'db_denydatawriter',
];

function principals(context: SqlContext): ViewRow[] {
  const row = (name: string, id: number, type: string, text: string, authentication: string): ViewRow => ({
    name,
    principal_id: id,
    type,
    type_desc: text,
    default_schema_name: type === 'R' ? null : 'dbo',
    authentication_type_desc: authentication,
    is_fixed_role: type === 'R' && id >= 16384,
  });
  return [
    row('public', 0, 'R', 'DATABASE_ROLE', 'NONE'),
    row('dbo', 1, 'S', 'SQL_USER', 'INSTANCE'),
    row('guest', 2, 'S', 'SQL_USER', 'NONE'),
    ...(context.database?.users ?? []).map((one, place) =>
      one.clientId === undefined
        ? row(one.name, 5 + place, 'S', 'SQL_USER', 'DATABASE')
        : row(one.name, 5 + place, 'E', 'EXTERNAL_USER', 'EXTERNAL'),
    ),
    ...FIXED_ROLES.map((name, place) => row(name, 16384 + place, 'R', 'DATABASE_ROLE', 'NONE')),
  ];
}

function roleMembers(context: SqlContext): ViewRow[] {
  const members = (context.database?.users ?? []).flatMap((one, place) =>
    one.roles.map((role) => ({ role_principal_id: 16384 + FIXED_ROLES.indexOf(role), member_principal_id: 5 + place })),
  );
  return [{ role_principal_id: 16384, member_principal_id: 1 }, ...members];
}
