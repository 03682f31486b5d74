import type { SqlValue } from '../../../src/ports.ts';
import { Unmodelled } from '../world.ts';
import { may, type SqlContext } from './context.ts';
import { datePartLengths } from './date-parts.ts';

type SqlFunction = (context: SqlContext, args: readonly SqlValue[]) => SqlValue;

const now: SqlFunction = (context) => new Date(context.now + (context.database?.clockAheadMs ?? 0));
const user: SqlFunction = (context) => context.session.userName;
const login: SqlFunction = (context) => context.session.loginName;

/** Functions about the server and the session, and the few general ones that questions about them use. */
export const FUNCTIONS: Readonly<Record<string, SqlFunction>> = {
  SYSUTCDATETIME: now,
  GETUTCDATE: now,
  SYSDATETIME: now,
  GETDATE: now,
  CURRENT_TIMESTAMP: now,
  DB_NAME: (context, [id]) => (id === 1 ? 'master' : (context.database?.name ?? 'master')),
  DB_ID: (context, [name]) => databaseId(context, name),
  ORIGINAL_DB_NAME: (context) => context.database?.name ?? 'master',
  ORIGINAL_LOGIN: login,
  SUSER_SNAME: login,
  SUSER_NAME: login,
  SYSTEM_USER: login,
  USER_NAME: user,
  CURRENT_USER: user,
  SESSION_USER: user,
  HOST_NAME: (context) => context.session.hostName,
  HOST_ID: (context) => String(context.session.hostProcessId),
  APP_NAME: (context) => context.session.programName,
  PROGRAM_NAME: (context) => context.session.programName,
  '@@SPID': (context) => context.session.sessionId,
  '@@SERVERNAME': (context) => context.server.name,
  '@@VERSION': () => 'Microsoft SQL Azure (RTM) - 12.0.2000.8',
  '@@TRANCOUNT': (context) => context.session.openTransactions,
  DATABASEPROPERTYEX: databaseProperty,
  SERVERPROPERTY: (context, [name]) => serverProperty(context, String(name)),
  CONNECTIONPROPERTY: (context, [name]) => connectionProperty(context, String(name)),
  HAS_PERMS_BY_NAME: (context, [securable, securableClass, permission]) =>
    permissionByName(context, securable ?? null, securableClass ?? null, permission ?? null),
  HAS_DBACCESS: (context, [name]) => (same(name, context.database?.name ?? 'master') ? 1 : 0),
  IS_MEMBER: (context, [role]) => member(context, role),
  IS_ROLEMEMBER: (context, [role]) => member(context, role),
  IS_SRVROLEMEMBER: (context) => (context.rights.isServerAdministrator ? 1 : 0),
  APPLOCK_MODE: (context, [, resource]) => lockMode(context, String(resource)),
  ISNULL: (_, [value, other]) => value ?? other ?? null,
  COALESCE: (_, args) => args.find((value) => value !== null) ?? null,
  LOWER: (_, [text]) => (text === null ? null : String(text).toLowerCase()),
  UPPER: (_, [text]) => (text === null ? null : String(text).toUpperCase()),
  LEN: (_, [text]) => (text === null ? null : String(text).trimEnd().length),
  CONCAT: (_, args) => args.map((value) => (value === null ? '' : String(value))).join(''),
  QUOTENAME: (_, [text]) => (text === null ? null : `[${String(text).replaceAll(']', ']]')}]`),
  CAST: (_, [type, value, style]) => cast(String(type), value ?? null, style),
  DATEDIFF: (_, [part, from, to]) => dateDifference(String(part), from, to),
  DATEDIFF_BIG: (_, [part, from, to]) => dateDifference(String(part), from, to),
  DATEADD: (_, [part, count, of]) =>
    of instanceof Date ? new Date(of.getTime() + Number(count) * partLength(String(part))) : null,
};

/** `database_id` as a session in the database sees it; on Azure SQL user databases do not share numbers. */
export const OWN_DATABASE_ID = 5;

function databaseId(context: SqlContext, name: SqlValue | undefined): SqlValue {
  if (name === undefined) return context.database === undefined ? 1 : OWN_DATABASE_ID;
  if (same(name, 'master')) return 1;
  return same(name, context.database?.name) ? OWN_DATABASE_ID : null;
}

function databaseProperty(context: SqlContext, [name, property]: readonly SqlValue[]): SqlValue {
  const database = same(name, context.database?.name)
    ? context.database
    : context.database === undefined
      ? context.server.databases[String(name).toLowerCase()]
      : undefined;
  if (database === undefined) return null;
  switch (String(property).toLowerCase()) {
    case 'updateability':
      return database.isReadOnly ? 'READ_ONLY' : 'READ_WRITE';
    case 'status':
      return database.status === 'Suspect' ? 'SUSPECT' : 'ONLINE';
    case 'useraccess':
      return 'MULTI_USER';
    case 'collation':
      return database.collation;
    case 'edition':
      return database.sku.tier;
    case 'serviceobjective':
      return database.sku.name;
    default:
      throw new Unmodelled(`DATABASEPROPERTYEX('${property}')`);
  }
}

function serverProperty(context: SqlContext, name: string): SqlValue {
  const known: Record<string, SqlValue> = {
    edition: 'SQL Azure',
    engineedition: 5,
    productversion: '12.0.2000.8',
    servername: context.server.name,
    productlevel: 'RTM',
  };
  const value = known[name.toLowerCase()];
  if (value === undefined) throw new Unmodelled(`SERVERPROPERTY('${name}')`);
  return value;
}

function connectionProperty(context: SqlContext, name: string): SqlValue {
  const known: Record<string, SqlValue> = {
    client_net_address: context.session.from,
    net_transport: 'TCP',
    protocol_type: 'TSQL',
    auth_scheme: 'SQL',
  };
  const value = known[name.toLowerCase()];
  if (value === undefined) throw new Unmodelled(`CONNECTIONPROPERTY('${name}')`);
  return value;
}

function permissionByName(
  context: SqlContext,
  securable: SqlValue,
  securableClass: SqlValue,
  permission: SqlValue,
): SqlValue {
  if (permission === null) return null;
  const ofServer = securableClass === null || same(securableClass, 'SERVER');
  if (ofServer) return context.rights.isServerAdministrator ? 1 : 0;
  if (!same(securableClass, 'DATABASE')) throw new Unmodelled(`HAS_PERMS_BY_NAME on ${securableClass} ${securable}`);
  if (same(permission, 'ANY')) return 1;
  return may(context.rights, String(permission)) ? 1 : 0;
}

function member(context: SqlContext, role: SqlValue | undefined): SqlValue {
  const wanted = String(role).toLowerCase();
  if (wanted === 'public') return 1;
  if (wanted === 'db_owner') return context.rights.isOwner ? 1 : 0;
  return context.rights.roles.some((one) => one.toLowerCase() === wanted) ? 1 : 0;
}

function lockMode(context: SqlContext, resource: string): SqlValue {
  const holders = context.database?.appLocks[resource] ?? [];
  return holders.find((holder) => holder.sessionId === context.session.sessionId)?.mode ?? 'NoLock';
}

function cast(type: string, value: SqlValue, style: SqlValue | undefined): SqlValue {
  if (value === null) return null;
  if (/char$|^sysname$/.test(type))
    return value instanceof Date
      ? dateText(value, style)
      : typeof value === 'boolean'
        ? value
          ? '1'
          : '0'
        : String(value);
  if (/int$|^float$|^decimal$|^numeric$|^real$/.test(type))
    return /int$/.test(type) ? Math.trunc(Number(value)) : Number(value);
  if (type === 'bit') return value === true || Number(value) !== 0;
  if (/^datetime|^date$/.test(type))
    return value instanceof Date
      ? value
      : new Date(/Z$/.test(String(value)) ? String(value) : `${String(value).replace(' ', 'T')}Z`);
  if (type === 'uniqueidentifier' || type === 'sql_variant') return value;
  throw new Unmodelled(`CAST to ${type}`);
}

/** Style 126 and 127 with the seven decimals of datetime2; the default style with a blank. */
function dateText(value: Date, style: SqlValue | undefined): string {
  const text = value.toISOString().replace('Z', '0000');
  if (style === 127) return `${text}Z`;
  return style === 126 ? text : text.replace('T', ' ');
}

function dateDifference(part: string, from: SqlValue | undefined, to: SqlValue | undefined): SqlValue {
  if (!(from instanceof Date) || !(to instanceof Date)) return null;
  const length = partLength(part);
  return Math.floor(to.getTime() / length) - Math.floor(from.getTime() / length);
}

function partLength(part: string): number {
  const length = datePartLengths[part];
  if (length === undefined) throw new Unmodelled(`the date part ${part}`);
  return length;
}

function same(one: SqlValue | undefined, other: SqlValue | undefined): boolean {
  return typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();
}
