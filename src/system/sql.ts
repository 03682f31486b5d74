import type { Connection, ConnectionConfiguration, Request } from 'tedious';
import { type Sql, type SqlConnection, SqlError, type SqlRow, type SqlTarget, type SqlValue } from '../ports.ts';
import { noConnection } from './no-connection.ts';
import { bind, readValue, type Tedious } from './sql-values.ts';

const CONNECT_MS = 30_000;
/** ALTER DATABASE and a user's schema query may take their time. */
const REQUEST_MS = 600_000;
/** Azure's gateway drops a connection that says nothing for half an hour. */
const AWAKE_EVERY_MS = 60_000;

/** SQL Server over TDS. Encrypted, and the certificate is checked. Nothing is repeated here: who knows what was done decides. */
export const sql: Sql = {
  async connect(target) {
    // Loaded here: the driver takes more than a second to load, and some phases need none.
    const driver = await import('tedious');
    const connection = new driver.Connection(configuration(target));
    await opened(connection);
    return awake(driver, connection);
  },
};

function configuration({ host, port, database, login, programName, ...tds }: SqlTarget): ConnectionConfiguration {
  return {
    server: host,
    authentication:
      login.kind === 'token'
        ? { type: 'azure-active-directory-access-token', options: { token: login.token } }
        : { type: 'default', options: { userName: login.user, password: login.password } },
    options: {
      ...(port === undefined ? {} : { port }),
      database,
      appName: programName,
      encrypt: tds.encrypt ?? true,
      trustServerCertificate: false,
      connectTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      maxRetriesOnTransientErrors: 0,
      rowCollectionOnRequestCompletion: false,
      useUTC: true,
    },
  };
}

/** The driver's error does not carry the server's numbers; the messages before it do. */
function opened(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    const told: { readonly number: number; readonly message: string }[] = [];
    connection.on('errorMessage', ({ number, message }) => told.push({ number, message }));
    connection.connect((error) => {
      if (!error) return resolve();
      connection.close();
      const numbers = told.map(({ number }) => number);
      const text = told.map(({ message }) => message).join(' ');
      reject(new SqlError(numbers, text || messageOf(error), { cause: error, noConnection: noConnection(error) }));
    });
  });
}

/** One statement at a time, and a sign of life when there has been none for a minute. */
function awake(driver: Tedious, connection: Connection): SqlConnection {
  let ended: SqlError | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  connection.on('error', (error) => {
    ended = new SqlError(0, messageOf(error), { cause: error });
  });
  connection.on('end', () => {
    ended ??= new SqlError(0, 'The connection to the database was closed.');
  });
  const query: SqlConnection['query'] = (statement, parameters = {}) => {
    const answer = queue.then(() => {
      if (ended) throw ended;
      return execute(driver, connection, statement, parameters);
    });
    queue = answer.catch(() => undefined);
    return answer;
  };
  const sign = setInterval(() => {
    query('SELECT 1 AS awake').catch(() => clearInterval(sign));
  }, AWAKE_EVERY_MS);
  sign.unref();
  return {
    query,
    async close() {
      clearInterval(sign);
      await queue;
      if (ended) return;
      await new Promise<void>((resolve) => {
        connection.once('end', () => resolve());
        connection.close();
      });
    },
  };
}

function execute(
  driver: Tedious,
  connection: Connection,
  statement: string,
  parameters: Readonly<Record<string, SqlValue>>,
): Promise<readonly SqlRow[]> {
  return new Promise((resolve, reject) => {
    const rows: SqlRow[] = [];
    const request: Request = new driver.Request(statement, (error) => {
      if (error) reject(new SqlError(numbersOf(error), messageOf(error), { cause: error }));
      else resolve(rows);
    });
    request.on('row', (columns: { metadata: { colName: string }; value: unknown }[]) => {
      rows.push(Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, readValue(value)])));
    });
    for (const [name, value] of Object.entries(parameters)) bind(driver, request, name, value);
    connection.execSql(request);
  });
}

/** Of several errors in one answer the first names the cause: 5070 comes with 5069, which only says that it failed. */
function numbersOf(error: Error): readonly number[] {
  if (error instanceof AggregateError) {
    return error.errors.flatMap((part) => (part instanceof Error ? numbersOf(part) : []));
  }
  return 'number' in error && typeof error.number === 'number' ? [error.number] : [];
}

/** Several errors at once (every address of the server refused) are joined. */
function messageOf(error: Error): string {
  const parts = error instanceof AggregateError ? error.errors.filter((part) => part instanceof Error) : [];
  return [error.message, ...parts.map((part: Error) => part.message)].filter((text) => text !== '').join('; ');
}
