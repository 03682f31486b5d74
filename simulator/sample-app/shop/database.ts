import { Connection, Request, TYPES } from 'tedious';
import type { DatabaseAddress } from './connection-string.ts';

type Value = string | number | Date | null;
type Row = Readonly<Record<string, Value>>;

export interface Database {
  /** Runs one statement with `@name` parameters. A statement that met a lost connection is run once more on a new one. */
  query(statement: string, parameters?: Readonly<Record<string, string | number>>): Promise<readonly Row[]>;
  close(): void;
}

/** An SQL Server error number; 0 when the connection failed. */
export function errorNumber(error: unknown): number {
  return error instanceof Error && 'number' in error && typeof error.number === 'number' ? error.number : 0;
}

/** 3906: the database is read-only. */
export const DATABASE_IS_READ_ONLY = 3906;
/** 2627: a row with this primary key is there already. */
export const DUPLICATE_KEY = 2627;

/**
 * A small pool of connections, opened when needed and replaced when lost. Because a statement may run twice after a
 * lost connection, writes must be repeatable: the shop's rows have ids chosen by their writer.
 */
export function openDatabase(address: DatabaseAddress, programName: string, size = 4): Database {
  const idle: Connection[] = [];
  const waiting: (() => void)[] = [];
  let inUse = 0;

  async function take(): Promise<Connection> {
    while (inUse >= size) await new Promise<void>((resolve) => waiting.push(resolve));
    inUse += 1;
    try {
      return idle.pop() ?? (await connect(address, programName, forget));
    } catch (error) {
      release();
      throw error;
    }
  }

  function release(): void {
    inUse -= 1;
    waiting.shift()?.();
  }

  function forget(connection: Connection): void {
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
  }

  async function once(
    statement: string,
    parameters: Readonly<Record<string, string | number>>,
  ): Promise<readonly Row[]> {
    const connection = await take();
    try {
      const rows = await run(connection, statement, parameters);
      idle.push(connection);
      return rows;
    } catch (error) {
      if (errorNumber(error) > 0) idle.push(connection);
      else connection.close();
      throw error;
    } finally {
      release();
    }
  }

  return {
    async query(statement, parameters = {}) {
      try {
        return await once(statement, parameters);
      } catch (error) {
        if (errorNumber(error) > 0) throw error;
        return once(statement, parameters);
      }
    },
    close() {
      for (const connection of idle.splice(0)) connection.close();
    },
  };
}

function connect(
  address: DatabaseAddress,
  programName: string,
  onLost: (connection: Connection) => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const connection = new Connection({
      server: address.host,
      authentication: { type: 'default', options: { userName: address.user, password: address.password } },
      options: {
        port: address.port,
        database: address.database,
        encrypt: true,
        appName: programName,
        connectTimeout: 10_000,
        requestTimeout: 10_000,
      },
    });
    connection.on('error', () => onLost(connection));
    connection.on('end', () => onLost(connection));
    connection.connect((error) => {
      if (error) reject(error);
      else resolve(connection);
    });
  });
}

function run(
  connection: Connection,
  statement: string,
  parameters: Readonly<Record<string, string | number>>,
): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = [];
    const request = new Request(statement, (error) => (error ? reject(error) : resolve(rows)));
    for (const [name, value] of Object.entries(parameters)) {
      request.addParameter(name, typeof value === 'number' ? TYPES.Int : TYPES.NVarChar, value);
    }
    request.on('row', (columns: { metadata: { colName: string }; value: Value }[]) => {
      rows.push(Object.fromEntries(columns.map((column) => [column.metadata.colName, column.value])));
    });
    connection.execSql(request);
  });
}
