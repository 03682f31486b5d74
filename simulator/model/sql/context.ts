import type { SqlValue } from '../../../src/ports.ts';
import type { World } from '../world.ts';
import type { Database, Session, SqlServer } from './state.ts';

/** In whose name, and about which database, a statement is evaluated. */
export interface SqlContext {
  readonly world: World;
  readonly now: number;
  readonly session: Session;
  readonly server: SqlServer;
  /** `undefined` in master. */
  readonly database: Database | undefined;
  readonly rights: Rights;
  /** Parameters and declared variables by lower-case name without `@`. */
  readonly variables: Record<string, SqlValue>;
}

interface Rights {
  readonly isServerAdministrator: boolean;
  readonly isOwner: boolean;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

/** What the user of a session may do in its database. */
export function rightsOf(database: Database | undefined, session: Session): Rights {
  const isServerAdministrator = session.userName === 'dbo';
  const user = database?.users.find((one) => one.name === session.userName);
  const roles = user?.roles ?? [];
  return {
    isServerAdministrator,
    isOwner: isServerAdministrator || roles.includes('db_owner'),
    roles,
    permissions: (user?.permissions ?? []).map((one) => one.toUpperCase()),
  };
}

/** Whether a permission on the database is held; owners hold all. */
export function may(rights: Rights, permission: string): boolean {
  if (rights.isOwner || rights.permissions.includes('CONTROL')) return true;
  const wanted = permission.toUpperCase();
  if (rights.permissions.includes(wanted)) return true;
  const granting: Record<string, string[]> = {
    SELECT: ['db_datareader'],
    INSERT: ['db_datawriter'],
    UPDATE: ['db_datawriter'],
    DELETE: ['db_datawriter'],
    'CREATE TABLE': ['db_ddladmin'],
    CONNECT: [...rights.roles, 'public'],
  };
  return (granting[wanted] ?? []).some((role) => rights.roles.includes(role) || role === 'public');
}
