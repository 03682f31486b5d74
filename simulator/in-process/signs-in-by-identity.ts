import type { SqlServer } from '../model/sql/state.ts';
import { addSlot } from '../model/web/create.ts';
import { identityFrom } from '../model/web/identity.ts';
import { restart } from '../model/web/instances.ts';
import { PRODUCTION, slotOf } from '../model/web/lookup.ts';
import type { Site } from '../model/web/state.ts';
import type { World } from '../model/world.ts';

/**
 * Lets an app sign in to database shop as its slots: production and the two slots of ours, there already unless it is told to be
 * alone, have each an identity of its own and a user in the database.
 */
export function signsInByIdentity(world: World, site: Site, server: SqlServer, now: number, alone = false): void {
  const production = slotOf(world, site.name, PRODUCTION);
  const ours = alone ? [] : ['zdd-readonly', 'zdd-staging'].map((name) => addSlot(world, site, name, now));
  const slots = [production, ...ours];
  for (const slot of slots) {
    slot.identity = identityFrom(world, slot, { type: 'SystemAssigned' });
    slot.fixedConfig = structuredClone(production.fixedConfig);
    if (slot !== production) slot.tags = { 'zdd-slot': 'yes' };
    const principal = Object.values(world.principals).find(({ objectId }) => objectId === slot.identity?.principalId);
    const { name = '', clientId = '' } = principal ?? {};
    server.databases.shop?.users.push({ name, clientId, roles: ['db_owner'], permissions: [] });
  }
  const value = 'Server=tcp:sql.database.windows.net,1433;Database=shop;Authentication=Active Directory Default';
  production.occupant.connectionStrings.DefaultConnection = { value, type: 'SQLAzure' };
  restart(world, production, now);
}
