import { hasNumber, type SqlConnection } from '../ports.ts';
import { quoted } from './sql-statements.ts';

/** A database user of a Microsoft Entra identity, with the roles that it is in. */
export interface DatabaseIdentity {
  readonly name: string;
  readonly roles: readonly string[];
}

/** Those users, and whether there is a group among all: its members may log in without a user of their own. */
export interface DatabaseIdentities {
  readonly identities: readonly DatabaseIdentity[];
  readonly groups: boolean;
}

/** https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-principals-transact-sql */
export async function identitiesIn(connection: SqlConnection): Promise<DatabaseIdentities> {
  const principals = await connection.query('SELECT principal_id, name, type FROM sys.database_principals');
  const members = await connection.query(
    'SELECT role_principal_id, member_principal_id FROM sys.database_role_members',
  );
  const nameOf = new Map(principals.map((row) => [Number(row.principal_id), String(row.name)]));
  const rolesOf = (id: number) =>
    members
      .filter((row) => Number(row.member_principal_id) === id)
      .flatMap((row) => nameOf.get(Number(row.role_principal_id)) ?? []);
  const type = (row: { readonly type?: unknown }) => String(row.type).trim();
  return {
    identities: principals
      .filter((row) => type(row) === 'E')
      .map((row) => ({ name: String(row.name), roles: rolesOf(Number(row.principal_id)) })),
    groups: principals.some((row) => type(row) === 'X'),
  };
}

/**
 * Makes a user of the identity that Entra knows by this name; one that exists stays. `unknown`: Entra does not know it (yet).
 * https://learn.microsoft.com/azure/azure-sql/database/authentication-aad-service-principal-tutorial
 */
export async function createIdentityUser(connection: SqlConnection, name: string): Promise<'there' | 'unknown'> {
  try {
    await connection.query(createUserText(name));
    return 'there';
  } catch (error) {
    if (hasNumber(error, EXISTS)) return 'there';
    if (hasNumber(error, NOT_FOUND)) return 'unknown';
    throw error;
  }
}

const EXISTS = 15023;
const NOT_FOUND = 33130;

/** The server itself may not ask Entra for names. */
export function mayNotLookUp(error: unknown): boolean {
  return hasNumber(error, 33134);
}

export async function addToRole(connection: SqlConnection, role: string, name: string): Promise<void> {
  await connection.query(addToRoleText(role, name));
}

export function createUserText(name: string): string {
  return `CREATE USER ${quoted(name)} FROM EXTERNAL PROVIDER;`;
}

export function addToRoleText(role: string, name: string): string {
  return `ALTER ROLE ${quoted(role)} ADD MEMBER ${quoted(name)};`;
}
