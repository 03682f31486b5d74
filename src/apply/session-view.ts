import { type Session, seesOthers } from '../azure/sql-sessions.ts';
import { again } from '../azure/sql-statements.ts';
import type { Scene } from '../context/scene.ts';
import { Stop } from '../errors.ts';

/** Whether the session list of a database shows others: without VIEW DATABASE STATE one sees only oneself. */
export function seesSessions({ context: { databases } }: Scene, database: string): Promise<boolean> {
  return again(async () => {
    const second = await databases.open(database);
    try {
      return await seesOthers(second, (look) => databases.use(database, look));
    } finally {
      await second.close().catch(() => undefined);
    }
  });
}

/** Seeing nobody proves nothing without the right to see. */
export async function refuseBlind(scene: Scene, names: readonly string[]): Promise<void> {
  const seeing = await Promise.all(names.map((name) => seesSessions(scene, name)));
  const blind = names.filter((_, index) => !seeing[index]);
  if (blind.length === 0) return;
  throw new Stop(
    'refused',
    `The identity lacks VIEW DATABASE STATE on database ${blind.join(', ')}, so it cannot see who is connected.`,
    ownership(blind[0] ?? ''),
  );
}

/** https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-exec-sessions-transact-sql#permissions */
export function ownership(database: string): string {
  return `Run in ${database}: ALTER ROLE db_owner ADD MEMBER [<identity>]; on Basic, S0, S1 and in pools also, in master: ALTER SERVER ROLE ##MS_ServerStateReader## ADD MEMBER [<login>].`;
}

/** Who it is, as people know them. */
export function sessionWords({ programName, hostName, loginName }: Session): string {
  return `${programName || 'a program without a name'} on ${hostName || 'an unknown host'} as ${loginName}`;
}
