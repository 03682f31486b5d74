import { addDatabase } from '../../model/sql/create.ts';
import { addSlot } from '../../model/web/create.ts';
import { type Call, isToAzure } from '../call.ts';
import { site } from '../facts.ts';
import type { Fault } from './fault.ts';

/** Azure takes a PUT onto an existing database or slot for an update of it, and says nothing. */
export const nameTaken: Fault = {
  name: 'name-taken',
  what: 'somebody makes a database or slot of the name that is about to be created',
  fits: (call) => call.http?.method === 'GET' && isToAzure(call),
  // At some reads of its own, see `beforeCreations`.
  atReads: 'never',
  allows: ['red', 'different'],
  inject(forward, { world, clock }) {
    const isClone = ({ name }: { readonly name: string }) => /^shop-zdd-\d{8}-\w{5}$/.test(name);
    const server = Object.values(world.sql.servers).find((each) => Object.values(each.databases).some(isClone));
    const clone = Object.values(server?.databases ?? {}).find(isClone);
    if (site(world).slots['zdd-staging'] === undefined) {
      for (const name of ['zdd-readonly', 'zdd-staging']) {
        addSlot(world, site(world), name, clock.now()).tags = { ...OF_SOMEBODY };
      }
    } else if (server && clone) {
      for (const name of [`${clone.name}-restored`, `${clone.name}-prepared`]) {
        if (server.databases[name.toLowerCase()]) continue;
        addDatabase(world, server, { name, tags: { ...OF_SOMEBODY } }, clock.now());
      }
    }
    return forward();
  },
};

const OF_SOMEBODY = { owner: 'bob' };

/** Creates a slot, or a database by restore. */
export function createsUnderKnownName({ http }: Call): boolean {
  if (http?.method !== 'PUT') return false;
  return /\/slots\/zdd-\w+\?/i.test(http.url) || /"createMode":"PointInTimeRestore"/.test(String(http.body));
}
