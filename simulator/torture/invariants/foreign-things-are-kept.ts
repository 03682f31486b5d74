import type { World } from '../../model/world.ts';
import { databases, neighbours, recorded, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Every world holds things of other people: a database, a clone of another deployment, a slot, a firewall rule, an app. */
export const foreignThingsAreKept: Invariant = {
  name: 'foreign-things-are-kept',
  holds: "Nothing is changed or deleted that is not this deployment's.",
  watch({ world }) {
    const known = foreignThings(world);
    return {
      step() {
        const now = foreignThings(world);
        // What somebody makes meanwhile is theirs from then on.
        for (const [what, looks] of now) if (!known.has(what)) known.set(what, looks);
        for (const [what, looks] of known) {
          if (now.get(what) === looks) continue;
          known.set(what, now.get(what));
          return `${what}, which belongs to others, changed from ${looks} to ${now.get(what) ?? 'nothing'}`;
        }
        return undefined;
      },
    };
  },
};

/** How others' things look, by what they are. */
function foreignThings(world: World): Map<string, string | undefined> {
  const things = new Map<string, string | undefined>();
  const add = (what: string, ...looks: readonly unknown[]) => things.set(what, JSON.stringify(looks));
  for (const { databaseId, name, isReadOnly, tags } of databases(world)) {
    const isForeign = name.startsWith('foreign') || tags['zdd-app'] === 'rg/third' || tags.owner === 'bob';
    if (isForeign) add(`database ${databaseId}`, name, isReadOnly, tags);
  }
  for (const { name, state, tags, occupant } of slots(world)) {
    const { volumeId, settings } = occupant;
    if (name === 'foreign' || tags.owner === 'bob') add(`slot ${name}`, state, tags, volumeId, settings);
  }
  for (const { site, tags, occupant } of neighbours(world)) {
    const { volumeId, contentId, settings, connectionStrings, config } = occupant;
    add(`app ${site}`, tags, volumeId, contentId, settings, connectionStrings, config);
  }
  for (const server of Object.values(world.sql.servers)) {
    for (const name of Object.keys(server.firewallRules)) if (name.startsWith('office')) add(`rule ${name}`);
  }
  // Names that stay with the slots: changed only where the record says which of them are put off.
  const putOff = [...(recorded(world, 'zdd-suspended') ?? '').matchAll(/connection-string=(\w+)/g)].map(
    ([, name]) => name,
  );
  for (const { name, slotConfigNames } of Object.values(world.web.sites)) {
    const { connectionStringNames, ...others } = slotConfigNames;
    add(`sticky names of ${name}`, others, [...new Set([...connectionStringNames, ...putOff])].sort());
  }
  return things;
}
