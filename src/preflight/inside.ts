import { type Session, seesOthers, sessions } from '../azure/sql-sessions.ts';
import { again, askSchemaVersion, permitted, type SchemaAnswer } from '../azure/sql-statements.ts';
import { type DatabaseIdentities, identitiesIn } from '../azure/sql-users.ts';
import { isForeign } from '../context/databases.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import { schemaVersionQueryOf } from '../deployment/instance-settings.ts';
import type { SqlConnection } from '../ports.ts';
import { presentOriginals } from './databases.ts';

/** What a login to one database shows. */
export interface Inside extends DatabaseIdentities {
  /** Our user in it; `dbo` for administrators. */
  readonly user: string;
  readonly mayAlter: boolean;
  /** Measured with a second connection of ours: without the permission one sees only oneself. */
  readonly seesOthers: boolean;
  /** All but ours. */
  readonly sessions: readonly Session[];
  /** Empty when there is no query. */
  readonly schema: SchemaAnswer;
  /** Users, and members of any role: who owns the database. */
  readonly mayAddUsers: boolean;
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
          ? await see(signal, () => again(() => insideOf(scene, database.name)))
          : { why: `${database.name} is ${database.status}; it is not woken for a look.` },
    })),
  );
}

function insideOf(scene: Scene, database: string): Promise<Inside> {
  const { databases } = scene.context;
  const query = schemaVersionQueryOf(scene.settings);
  return databases.use(database, async (connection) => {
    const second = await databases.open(database);
    try {
      const mayAlter = await permitted(connection, 'ALTER');
      const sees = await seesOthers(second, (look) => look(connection));
      const all = await sessions(connection);
      return {
        user: await userName(connection),
        mayAlter,
        seesOthers: sees,
        mayAddUsers: await permitted(connection, 'CONTROL'),
        sessions: all.filter(isForeign),
        schema: query === undefined ? {} : await askSchemaVersion(connection, query),
        ...(await identitiesIn(connection)),
      };
    } finally {
      await second.close().catch(() => undefined);
    }
  });
}

async function userName(connection: SqlConnection): Promise<string> {
  const [row] = await connection.query('SELECT USER_NAME() AS name');
  return String(row?.name ?? '');
}
