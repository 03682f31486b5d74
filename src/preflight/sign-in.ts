import type { ServerSignIn } from '../azure/server-sign-in.ts';
import type { Seen } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { onServer } from '../deployment/commands.ts';
import type { Server } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import type { LookInside } from './inside.ts';
import { failed, passed, unseen } from './verdicts.ts';

const NAME = 'sign-in to the SQL server';

/** Pure: whether a server takes what we sign in with. Who was let in has nothing to prove. @param looks at its databases. */
export function signInChecks(
  { sqlAccess }: Settings,
  server: Server,
  seen: Seen<ServerSignIn>,
  looks: readonly LookInside[],
): readonly Check[] {
  if (seen.why !== undefined) return [unseen(NAME, seen)];
  const { entraAdministrator, entraOnly } = seen.value;
  const isIn = looks.some(({ inside }) => inside.value !== undefined);
  const tls = server.minimalTlsVersion === '' ? '' : ` From TLS ${server.minimalTlsVersion} on.`;
  const how = sqlAccess.kind === 'token' ? 'a token' : 'user and password';
  if (isIn) return [passed(NAME, `${server.name} takes ${how}.${tls}`)];
  if (sqlAccess.kind === 'token' && entraAdministrator === undefined) {
    return [
      failed(
        NAME,
        `${server.name} has no Microsoft Entra administrator, and takes no token before it has one.`,
        `az sql server ad-admin create ${onServer(server)} --display-name '<name of a group>' --object-id '<its object id>'`,
      ),
    ];
  }
  if (sqlAccess.kind === 'connection-string' && entraOnly) {
    const found = `${server.name} takes Microsoft Entra tokens only, and sql-access gives user and password.`;
    return [failed(NAME, found, 'Leave sql-access out: then the identity of the run signs in.')];
  }
  return [passed(NAME, `${server.name} takes ${how}.${tls}`)];
}
