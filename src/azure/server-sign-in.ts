import type { Arm } from './arm.ts';
import { serverParts } from './resource-id.ts';

/** Who may sign in to a server, and how. */
export interface ServerSignIn {
  /** Undefined: it takes no token of anybody. */
  readonly entraAdministrator: string | undefined;
  /** It takes no password of anybody. */
  readonly entraOnly: boolean;
}

/** The administrator shows only when it is asked for: `az sql server show --expand-ad-admin` does the same. */
export async function getServerSignIn(arm: Arm, serverId: string): Promise<ServerSignIn> {
  const { group, server } = serverParts(serverId);
  const answer = await arm.sql(
    { what: `read who may sign in to SQL server ${server}`, id: serverId, repeat: 'read' },
    ({ servers }) => servers.get(group, server, { expand: 'administrators/activeDirectory' }),
  );
  const { administrators } = answer.value();
  return {
    entraAdministrator: administrators?.login ?? administrators?.sid,
    entraOnly: administrators?.azureADOnlyAuthentication === true,
  };
}
