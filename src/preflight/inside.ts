import { type Session, seesOthers, sessions } from '../azure/sql-sessions.ts';
import { permitted } from '../azure/sql-statements.ts';
import { isForeign } from '../context/databases.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { SqlConnection } from '../ports.ts';
import { presentOriginals } from './databases.ts';

/** What a login to one database shows. */
export interface Inside {
  /** Our user in it; `dbo` for administrators. */
  readonly user: string;
  readonly mayAlter: boolean;
  /** Measured with a second connection of ours: without the permission one sees only oneself. */
  readonly seesOthers: boolean;
  /** All but ours. */
  readonly sessions: readonly Session[];
  /** Users of Microsoft Entra identities, with the roles that they are in. */
  readonly identities: readonly DatabaseIdentity[];
  /** There is a group among the users: its members may log in without a user of its own. */
  readonly groups: boolean;
}

export interface DatabaseIdentity {
  readonly name: string;
  readonly roles: readonly string[];
}

export interface LookInside {
  readonly database: string;
  /** Service objective, which decides about the permission to see sessions. */
  readonly objective: string;
  readonly pooled: boolean;
  readonly inside: Seen<Inside>;
}

/** Logs in to every original that is online; a paused one is left asleep. No firewall rule is opened. */
export function lookInside(scene: Scene): Promise<readonly LookInside[]> {
  const { signal } = scene.context;
  return Promise.all(
    presentOriginals(scene.observed).map(async (database) => ({
      database: database.name,
      objective: database.serviceObjective,
      pooled: database.elasticPoolId !== null,
      inside:
        database.status === 'Online'
          ? await see(signal, () => insideOf(scene, database.name))
          : { why: `${database.name} is ${database.status}; it is not woken for a look.` },
    })),
  );
}

function insideOf(scene: Scene, database: string): Promise<Inside> {
  const { databases } = scene.context;
  return databases.use(database, async (connection) => {
    const second = await databases.open(database);
    try {
      const mayAlter = await permitted(connection, 'ALTER');
      const sees = await seesOthers(connection, second);
      const all = await sessions(connection);
      return {
        user: await userName(connection),
        mayAlter,
        seesOthers: sees,
        sessions: all.filter(isForeign),
        ...(await identitiesIn(connection)),
      };
    } finally {
      await second.close();
    }
  });
}

async function userName(connection: SqlConnection): Promise<string> {
  const [row] = await connection.query('SELECT USER_NAME() AS name');
  return String(row?.name ?? '');
}

/** https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-principals-transact-sql */
async function identitiesIn(connection: SqlConnection): Promise<Pick<Inside, 'identities' | 'groups'>> {
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
