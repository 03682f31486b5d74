import { understand } from '../../model/app/connection-string.ts';
import { serverAt } from '../../model/sql/names.ts';
import type { World } from '../../model/world.ts';
import { allSlots, databases, lineOf, production } from '../facts.ts';
import type { Original } from '../history.ts';
import type { Invariant, Start } from '../invariant.ts';

/** Two databases may have the same name on two servers: which is which shows in where their content comes from. */
export const databasesAreToldApart: Invariant = {
  name: 'databases-are-told-apart',
  holds:
    'What has the name of an original, or of a copy of it, has its content and no other one, and every connection string of every build leads to its own database or a copy of that.',
  watch(start) {
    const { world, history } = start;
    const owners = ownersOfStrings(start);
    return { step: () => namesakes(world, history.originals) ?? misled(world, owners) };
  },
};

function namesakes(world: World, originals: readonly Original[]): string | undefined {
  for (const server of Object.values(world.sql.servers)) {
    for (const { name, tags, contentId } of Object.values(server.databases)) {
      const of = originals.find((each) => each.server === server.name && isCalledAs(name, each.name));
      if (of === undefined || tags['zdd-app'] === 'rg/third' || tags.owner === 'bob') continue;
      if (!lineOf(world, contentId).has(of.contentId))
        return `${server.name}/${name} does not hold what ${of.name} held`;
    }
  }
  return undefined;
}

function isCalledAs(name: string, original: string): boolean {
  return name === original || name.startsWith(`${original}-zdd-`);
}

/** The content that each connection string leads to, or whose copy, when the phase begins. */
function ownersOfStrings({ world, history }: Start): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const [name, { value }] of Object.entries(production(world).occupant.connectionStrings)) {
    const target = understand(value);
    const server = target && serverAt(world, target.host);
    const of = history.originals.find(
      (each) => each.server === server?.name && isCalledAs(target?.database ?? '', each.name),
    );
    if (of) owners.set(name, of.contentId);
  }
  return owners;
}

function misled(world: World, owners: ReadonlyMap<string, string>): string | undefined {
  for (const { name, occupant } of allSlots(world)) {
    const sessions = world.web.apps[occupant.instance?.id ?? '']?.sessions ?? {};
    for (const [string, sessionId] of Object.entries(sessions)) {
      const [owner, session] = [owners.get(string), world.sql.sessions[sessionId]];
      const inside = databases(world).find(({ databaseId }) => databaseId === session?.databaseId);
      if (owner === undefined || inside === undefined || lineOf(world, inside.contentId).has(owner)) continue;
      return `${string} of slot ${name} leads to ${inside.name}, which is of another database`;
    }
  }
  return undefined;
}
