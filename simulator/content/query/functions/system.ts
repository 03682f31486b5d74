import { fromServerValue } from '../../catalogue/server-value.ts';
import type { Bound, ServerValue } from '../../env.ts';
import { unknownSql } from '../../problem.ts';
import { decimalText } from '../../values/decimal.ts';
import { toMilliseconds } from '../../values/instant.ts';
import { BIGINT, decimal, familyOf, INT, nvarchar, type SqlType, SYSNAME, typeOf } from '../../values/sql-type.ts';
import type { Value } from '../../values/value.ts';
import { argumentsOf, type Define, fromFrame } from '../function-contract.ts';

const VERSION = 'Microsoft SQL Azure (RTM) - 12.0.2000.8';

/** Asks the server; where there is none, what the caller alone tells. */
function fromServer(name: string, type: SqlType, otherwise?: Value): Define {
  return (of) => {
    const args = argumentsOf(of, 0, 5);
    const { server } = of.compiler.caller;
    if (server === undefined || !server.hasFunction(name)) {
      if (otherwise === undefined) throw unknownSql(`the function ${name}`);
      return { type, isNullable: true, isNull: false, uses: -1, run: () => otherwise };
    }
    return {
      type,
      isNullable: true,
      isNull: false,
      uses: -1,
      run: (frame) =>
        fromServerValue(
          frame.env.caller.server?.call(
            name,
            args.map((one) => toPlain(one.run(frame), one)),
          ) ?? null,
          type,
        ),
    };
  };
}

function toPlain(value: Value, of: Bound): ServerValue {
  if (value === null || value instanceof Uint8Array || typeof value === 'object') return null;
  if (typeof value === 'bigint' && familyOf(of.type) === 'date') return new Date(toMilliseconds(value));
  if (typeof value === 'bigint' && of.type.name !== 'bigint') return Number(decimalText(value, of.type.scale));
  return value;
}

const callerText =
  (
    read: (caller: { login: string; user: string; hostName: string; programName: string; database: string }) => string,
  ): Define =>
  (of) => {
    argumentsOf(of, 0, 1);
    return { type: SYSNAME, isNullable: true, isNull: false, uses: -1, run: (frame) => read(frame.env.caller) };
  };

function caught(
  type: SqlType,
  read: (error: {
    number: number;
    severity: number;
    state: number;
    message: string;
    procedure: string | undefined;
  }) => Value,
): Define {
  return fromFrame(type, (frame) => {
    const { caught: error } = frame.env.state;
    return error === undefined ? null : read(error);
  });
}

const identity = fromFrame(decimal(38, 0), (frame) => frame.env.state.identity ?? null);

/** Functions about the session, its batch and the server by upper-case name. */
export const SYSTEM_FUNCTIONS: Readonly<Record<string, Define>> = {
  '@@ROWCOUNT': fromFrame(INT, (frame) => frame.env.state.rowCount),
  ROWCOUNT_BIG: fromFrame(BIGINT, (frame) => BigInt(frame.env.state.rowCount)),
  '@@ERROR': fromFrame(INT, (frame) => frame.env.state.error),
  '@@TRANCOUNT': fromFrame(INT, (frame) => frame.env.transactionDepth()),
  '@@FETCH_STATUS': fromFrame(INT, (frame) => frame.env.state.fetchStatus),
  '@@NESTLEVEL': fromFrame(INT, (frame) => frame.env.state.nesting),
  '@@PROCID': fromFrame(INT, () => 0),
  '@@SPID': fromFrame(typeOf('smallint'), (frame) => frame.env.caller.sessionId),
  '@@IDENTITY': identity,
  '@@DATEFIRST': fromFrame(typeOf('tinyint'), () => 7),
  '@@LANGUAGE': fromFrame(SYSNAME, () => 'us_english'),
  '@@LOCK_TIMEOUT': fromFrame(INT, () => -1),
  '@@OPTIONS': fromFrame(INT, () => 5496),
  '@@MAX_PRECISION': fromFrame(typeOf('tinyint'), () => 38),
  '@@VERSION': fromServer('@@VERSION', nvarchar(300), VERSION),
  '@@SERVERNAME': fromServer('@@SERVERNAME', SYSNAME),
  '@@SERVICENAME': fromFrame(SYSNAME, () => 'MSSQLSERVER'),
  '@@DBTS': fromFrame(typeOf('varbinary', 8), (frame) =>
    Buffer.from(frame.env.database().rowVersion.toString(16).padStart(16, '0'), 'hex'),
  ),
  SCOPE_IDENTITY: identity,
  XACT_STATE: fromFrame(typeOf('smallint'), (frame) => frame.env.transactionState()),
  ERROR_NUMBER: caught(INT, (error) => error.number),
  ERROR_MESSAGE: caught(nvarchar(4000), (error) => error.message),
  ERROR_SEVERITY: caught(INT, (error) => error.severity),
  ERROR_STATE: caught(INT, (error) => error.state),
  ERROR_LINE: caught(INT, () => 1),
  ERROR_PROCEDURE: caught(SYSNAME, (error) => error.procedure ?? null),
  NEWID: fromFrame(typeOf('uniqueidentifier'), (frame) => guidFrom(frame.env.nextRandom())),
  NEWSEQUENTIALID: fromFrame(typeOf('uniqueidentifier'), (frame) => guidFrom(frame.env.nextRandom())),
  DB_NAME: (of) =>
    of.compiler.caller.server === undefined
      ? callerText((caller) => caller.database)(of)
      : fromServer('DB_NAME', SYSNAME)(of),
  DB_ID: fromServer('DB_ID', INT, 5),
  ORIGINAL_DB_NAME: callerText((caller) => caller.database),
  ORIGINAL_LOGIN: callerText((caller) => caller.login),
  SUSER_SNAME: callerText((caller) => caller.login),
  SUSER_NAME: callerText((caller) => caller.login),
  SYSTEM_USER: callerText((caller) => caller.login),
  USER_NAME: callerText((caller) => caller.user),
  CURRENT_USER: callerText((caller) => caller.user),
  SESSION_USER: callerText((caller) => caller.user),
  USER: callerText((caller) => caller.user),
  HOST_NAME: callerText((caller) => caller.hostName),
  HOST_ID: fromServer('HOST_ID', typeOf('char', 10)),
  APP_NAME: callerText((caller) => caller.programName),
  PROGRAM_NAME: callerText((caller) => caller.programName),
  DATABASEPROPERTYEX: fromServer('DATABASEPROPERTYEX', SYSNAME),
  SERVERPROPERTY: fromServer('SERVERPROPERTY', SYSNAME),
  CONNECTIONPROPERTY: fromServer('CONNECTIONPROPERTY', SYSNAME),
  HAS_PERMS_BY_NAME: fromServer('HAS_PERMS_BY_NAME', INT),
  HAS_DBACCESS: fromServer('HAS_DBACCESS', INT),
  IS_MEMBER: fromServer('IS_MEMBER', INT),
  IS_ROLEMEMBER: fromServer('IS_ROLEMEMBER', INT),
  IS_SRVROLEMEMBER: fromServer('IS_SRVROLEMEMBER', INT),
  APPLOCK_MODE: fromServer('APPLOCK_MODE', nvarchar(32)),
  GETANSINULL: fromFrame(typeOf('smallint'), () => 1),
};

function guidFrom(random: string): string {
  const hex = random.toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-A${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
