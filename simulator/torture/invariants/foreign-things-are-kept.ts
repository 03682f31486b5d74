import type { World } from '../../model/world.ts';
import { databases, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Every world holds things of other people: a database, a clone of another deployment, a slot, a firewall rule, an app. */
export const foreignThingsAreKept: Invariant = {
  name: 'foreign-things-are-kept',
  holds: "Nothing is changed or deleted that is not this deployment's.",
  watch({ world }) {
    const before = foreignThings(world);
    let checked = '';
    return {
      step() {
        const now = foreignThings(world);
        if (now === before || now === checked) return undefined;
        checked = now;
        return `what belongs to others changed: ${now}`;
      },
    };
  },
};

/** Others' things as text, so that two looks can be compared. */
function foreignThings(world: World): string {
  const rules = Object.values(world.sql.servers).flatMap((server) => Object.keys(server.firewallRules));
  return JSON.stringify([
    databases(world)
      .filter(({ name }) => name.startsWith('foreign'))
      .map(({ databaseId, name, isReadOnly, tags }) => [databaseId, name, isReadOnly, tags]),
    slots(world)
      .filter(({ name }) => name === 'foreign')
      .map(({ state, tags, occupant }) => [state, tags, occupant.volumeId, occupant.settings]),
    rules.filter((name) => name.startsWith('office')),
    site(world),
  ]);
}

/** Names that stay with the slots: the action never writes them. */
function site(world: World): unknown {
  return Object.values(world.web.sites).map(({ name, slotConfigNames }) => [name, slotConfigNames]);
}
