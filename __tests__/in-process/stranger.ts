import { OUTBOUND } from '../../simulator/model/app/connection.ts';
import { login, logout } from '../../simulator/model/sql/sessions.ts';
import { PASSWORD, type Trial } from './trial.ts';

/** Somebody with a query window in the database. */
export function stranger({ world, clock }: Trial, database: string): { leave(): void } {
  const session = login(
    world,
    {
      host: 'sql.database.windows.net',
      database,
      user: 'zddadmin',
      password: PASSWORD,
      from: OUTBOUND,
      hostName: 'ADAS-LAPTOP',
      programName: 'Azure Data Studio',
      hostProcessId: 7,
    },
    clock.now(),
  );
  if (session.kind === 'fault') throw new Error(session.message);
  return { leave: () => logout(world, session.sessionId, clock.now()) };
}
