import type { World } from '../model/world.ts';
import { databases } from './facts.ts';

/** From now on the action's identity is a user who may do all that is needed but see who else is connected. */
export function takeViewAway(world: World): void {
  const [clientId] = Object.keys(world.principals);
  for (const server of Object.values(world.sql.servers)) server.entraAdministrator = 'somebody else';
  for (const { users } of databases(world)) {
    users.push({
      name: 'deployer',
      ...(clientId && { clientId }),
      roles: ['db_datareader', 'db_datawriter', 'db_ddladmin'],
      permissions: ['ALTER'],
    });
  }
}
