import { login } from '../model/sql/sessions.ts';
import type { World } from '../model/world.ts';

/** Who somebody else is, as `sys.dm_exec_sessions` shows it, and from where. */
interface Stranger {
  readonly from: string;
  readonly hostName: string;
  readonly programName: string;
  readonly hostProcessId: number;
}

/** The id of the session that somebody else opens in database shop; undefined when the server does not let them in. */
export function openForeignSession(world: World, stranger: Stranger, now: number): number | undefined {
  const [server] = Object.values(world.sql.servers);
  if (server === undefined) return undefined;
  const opened = login(
    world,
    {
      host: server.fullyQualifiedDomainName,
      database: 'shop',
      user: server.administratorLogin,
      password: server.administratorPassword,
      ...stranger,
    },
    now,
  );
  return opened.kind === 'session' ? opened.sessionId : undefined;
}
