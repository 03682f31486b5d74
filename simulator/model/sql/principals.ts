import { Unmodelled } from '../world.ts';
import { may, type SqlContext } from './context.ts';
import { readOnlyMessage } from './faults.ts';
import { SqlProblem } from './sql-problem.ts';
import type { DatabaseUser } from './state.ts';
import type { Cursor } from './tokens.ts';

/** A statement about the users of a database. */
export type PrincipalStatement =
  | { readonly kind: 'create-user'; readonly name: string; readonly password: string | undefined }
  | { readonly kind: 'drop-user'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'role-member'; readonly role: string; readonly member: string; readonly isAdded: boolean }
  | {
      readonly kind: 'grant';
      readonly permissions: readonly string[];
      readonly to: string;
      readonly isGranted: boolean;
    };

/** CREATE USER … FROM EXTERNAL PROVIDER | WITH PASSWORD, DROP USER, ALTER ROLE, GRANT, REVOKE; `undefined`: none of them. */
export function parsePrincipalStatement(cursor: Cursor): PrincipalStatement | undefined {
  if (cursor.take('CREATE', 'USER')) {
    const name = cursor.name();
    if (cursor.take('FROM', 'EXTERNAL', 'PROVIDER')) return { kind: 'create-user', name, password: undefined };
    cursor.expect('WITH');
    cursor.expect('PASSWORD');
    cursor.expect('=');
    return { kind: 'create-user', name, password: cursor.next().value };
  }
  if (cursor.take('DROP', 'USER'))
    return { kind: 'drop-user', ifExists: cursor.take('IF', 'EXISTS'), name: cursor.name() };
  if (cursor.take('ALTER', 'ROLE')) {
    const role = cursor.name();
    const isAdded = cursor.take('ADD');
    if (!isAdded) cursor.expect('DROP');
    cursor.expect('MEMBER');
    return { kind: 'role-member', role, member: cursor.name(), isAdded };
  }
  const isGranted = cursor.take('GRANT');
  if (!isGranted && !cursor.take('REVOKE')) return undefined;
  const permissions: string[] = [];
  do {
    const words = [];
    while (!cursor.sees(',') && !cursor.sees('TO') && !cursor.sees('FROM')) words.push(cursor.next().value);
    permissions.push(words.join(' '));
  } while (cursor.take(','));
  cursor.next();
  return { kind: 'grant', permissions, to: cursor.name(), isGranted };
}

/** Changes the users of the database; copies and restores made afterwards carry them along. */
export function changePrincipals(context: SqlContext, one: PrincipalStatement): void {
  const { database } = context;
  if (database === undefined) throw new Unmodelled('users of master');
  if (!may(context.rights, 'ALTER ANY USER'))
    throw new SqlProblem(15247, 16, 'User does not have permission to perform this action.');
  if (database.isReadOnly) throw new SqlProblem(3906, 16, readOnlyMessage(database.name));
  if (one.kind === 'create-user') database.users.push(newUser(context, one.name, one.password));
  else if (one.kind === 'drop-user') {
    const left = database.users.filter((user) => !isNamed(user, one.name));
    if (left.length === database.users.length && !one.ifExists) throw missing(one.name);
    database.users = left;
  } else if (one.kind === 'role-member') {
    const user = userNamed(context, one.member);
    const others = user.roles.filter((role) => role.toLowerCase() !== one.role.toLowerCase());
    user.roles = one.isAdded ? [...others, one.role.toLowerCase()] : others;
  } else {
    const user = userNamed(context, one.to);
    const others = user.permissions.filter((permission) => !one.permissions.includes(permission));
    user.permissions = one.isGranted ? [...others, ...one.permissions] : others;
  }
}

function newUser(context: SqlContext, name: string, password: string | undefined): DatabaseUser {
  if (context.database?.users.some((user) => isNamed(user, name))) {
    throw new SqlProblem(15023, 16, `User, group, or role '${name}' already exists in the current database.`);
  }
  if (password !== undefined) return { name, password, roles: [], permissions: [] };
  // https://learn.microsoft.com/azure/azure-sql/database/authentication-aad-directory-readers-role
  if (context.world.variants['server-knows-no-names']) {
    const why = 'Server identity does not have Azure Active Directory Readers permission.';
    throw new SqlProblem(33134, 16, `Principal '${name}' could not be resolved. Error message: '${why}'`);
  }
  const principal = Object.values(context.world.principals).find(
    (one) => one.name.toLowerCase() === name.toLowerCase(),
  );
  const isHidden = (principal?.hiddenFor ?? 0) > 0;
  if (principal && isHidden) principal.hiddenFor = (principal.hiddenFor ?? 0) - 1;
  if (principal === undefined || isHidden)
    throw new SqlProblem(33130, 16, `Principal '${name}' could not be found or this principal type is not supported.`);
  return { name, clientId: principal.clientId, roles: [], permissions: [] };
}

function userNamed(context: SqlContext, name: string): DatabaseUser {
  const user = context.database?.users.find((one) => isNamed(one, name));
  if (user === undefined) throw missing(name);
  return user;
}

function isNamed(user: DatabaseUser, name: string): boolean {
  return user.name.toLowerCase() === name.toLowerCase();
}

function missing(name: string): SqlProblem {
  return new SqlProblem(
    15151,
    16,
    `Cannot find the user '${name}', because it does not exist or you do not have permission.`,
  );
}
