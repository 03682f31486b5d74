import { hasNumber, SqlError, type SqlRow } from '../../src/ports.ts';
import { type Azure, type Json, type Server, SQL } from './azure.ts';
import type { Place } from './place.ts';

export const IS_READ_ONLY = 'SELECT is_read_only FROM sys.databases WHERE name = DB_NAME()';

/** What a database answers to its server's administrator, by a connection of its own. */
export async function rows(
  azure: Azure,
  place: Place,
  database: string,
  statement: string,
): Promise<readonly SqlRow[]> {
  const connection = await azure.connect(await serverOf(azure, place), database);
  try {
    return await connection.query(statement);
  } finally {
    await connection.close();
  }
}

export async function serverOf(azure: Azure, { server, login }: Place): Promise<Server> {
  const { body } = await azure.ask('GET', server, undefined, SQL);
  return { host: String(((body.properties ?? {}) as Json).fullyQualifiedDomainName), login };
}

export async function refusedWith(attempt: () => Promise<unknown>): Promise<string> {
  return attempt().then(() => 'not refused', numberOf);
}

/** The numbers of an error of the server; any other error is no answer. */
export function numberOf(error: unknown): string {
  if (error instanceof SqlError && !hasNumber(error, 0)) return error.numbers.join(' and ');
  throw error;
}
