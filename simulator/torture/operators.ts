import { addDatabase } from '../model/sql/create.ts';
import { endSession } from '../model/sql/end-session.ts';
import { forgetIdentity } from '../model/web/identity.ts';
import { end as endInstance, restart } from '../model/web/instances.ts';
import type { Slot } from '../model/web/state.ts';
import { beginSwap } from '../model/web/swap.ts';
import type { World } from '../model/world.ts';
import { takeViewAway } from './blind.ts';
import { databaseNamed, databases, production, recorded, site } from './facts.ts';
import { openForeignSession } from './foreign-session.ts';
import { HARMFUL, HARMLESS, type Operator } from './operator.ts';
import { forgingOperators } from './operators-forging.ts';
import { laterOperators } from './operators-later.ts';

/** Everything that somebody may do. */
export const operators: readonly Operator[] = [
  {
    name: 'swaps-readonly',
    what: 'swaps the readonly slot with production',
    allows: HARMFUL,
    apply: (world, now) => swapByHand(world, 'zdd-readonly', now),
  },
  {
    name: 'swaps-staging',
    what: 'swaps the staging slot with production',
    allows: HARMFUL,
    apply: (world, now) => swapByHand(world, 'zdd-staging', now),
  },
  {
    name: 'deletes-clone',
    what: 'deletes the clone',
    allows: HARMFUL,
    apply(world, now) {
      const clone = databases(world).find(({ name }) => /^(shop|catalog)-zdd-\d{8}-\w{5}$/.test(name));
      if (!clone) return false;
      drop(world, clone.name, now);
      return true;
    },
  },
  {
    name: 'starts-live-build',
    what: 'starts the slot with the live build',
    allows: HARMLESS,
    apply: (world, now) => start(world, 'zdd-readonly', now),
  },
  {
    name: 'starts-staging',
    what: 'starts the staging slot',
    allows: HARMLESS,
    apply: (world, now) => start(world, 'zdd-staging', now),
  },
  {
    name: 'restarts-candidate',
    what: 'restarts the staging slot',
    allows: HARMLESS,
    apply: (world, now) => onSlot(world, 'zdd-staging', (slot) => restart(world, slot, now)),
  },
  {
    name: 'stops-candidate',
    what: 'stops the staging slot',
    allows: HARMLESS,
    apply: (world, now) => stop(world, 'zdd-staging', now),
  },
  {
    name: 'changes-candidate',
    what: 'changes a setting of the staging slot',
    allows: HARMLESS,
    apply: (world, now) => changeSetting(world, 'zdd-staging', now),
  },
  {
    name: 'changes-readonly',
    what: 'changes a setting of the readonly slot',
    allows: HARMLESS,
    apply: (world, now) => changeSetting(world, 'zdd-readonly', now),
  },
  {
    name: 'makes-sticky',
    what: 'makes the connection string a slot setting',
    allows: [...HARMLESS],
    apply(world) {
      site(world).slotConfigNames.connectionStringNames = ['DefaultConnection'];
      return true;
    },
  },
  {
    name: 'renames-original',
    what: 'renames the original database',
    allows: HARMFUL,
    apply(world) {
      const original = databaseNamed(world, 'shop');
      const [server] = Object.values(world.sql.servers);
      if (!original || !server) return false;
      delete server.databases.shop;
      original.name = 'shop-renamed';
      server.databases['shop-renamed'] = original;
      return true;
    },
  },
  {
    name: 'opens-original',
    what: 'sets the original database READ_WRITE',
    allows: [...HARMLESS],
    apply(world) {
      const original = databaseNamed(world, 'shop');
      if (!original?.isReadOnly) return false;
      original.isReadOnly = false;
      return true;
    },
  },
  {
    name: 'closes-original',
    what: 'sets the original database READ_ONLY',
    allows: HARMLESS,
    apply(world) {
      const original = databaseNamed(world, 'shop');
      if (!original || original.isReadOnly) return false;
      original.isReadOnly = true;
      return true;
    },
  },
  {
    name: 'connects',
    what: 'opens a query window on the original database',
    allows: HARMLESS,
    apply: connect,
  },
  {
    name: 'scales-plan',
    what: 'scales the plan',
    allows: HARMLESS,
    apply(world) {
      for (const plan of Object.values(world.web.plans)) Object.assign(plan.sku, { capacity: 3 });
      return true;
    },
  },
  {
    name: 'deletes-readonly-slot',
    what: 'deletes the readonly slot',
    allows: HARMLESS,
    apply: (world, now) => deleteSlot(world, 'zdd-readonly', now),
  },
  {
    name: 'deletes-staging-slot',
    what: 'deletes the staging slot',
    allows: HARMLESS,
    apply: (world, now) => deleteSlot(world, 'zdd-staging', now),
  },
  {
    name: 'removes-tags',
    what: 'removes all tags of the clone',
    allows: HARMLESS,
    apply(world) {
      const clone = databases(world).find(({ name }) => /^(shop|catalog)-zdd-\d{8}-\w{5}$/.test(name));
      if (!clone) return false;
      clone.tags = {};
      return true;
    },
  },
  {
    name: 'claims-database',
    what: 'begins a deployment of another app on the same database',
    allows: HARMLESS,
    isRare: true,
    apply(world, now) {
      const [server] = Object.values(world.sql.servers);
      if (server === undefined || databases(world).some(({ tags }) => tags['zdd-app'] === 'rg/web')) return false;
      addDatabase(world, server, { name: 'shop-zdd-20260815-yyyyy', tags: OF_ANOTHER_APP, isReadOnly: true }, now);
      return true;
    },
  },
  {
    name: 'brings-verdict-back',
    what: 'writes a verdict of an earlier attempt back into the record',
    allows: HARMLESS,
    isRare: true,
    apply(world, _now, { validated }) {
      const [verdict] = Object.keys(validated);
      const records = databases(world).filter(({ tags }) => tags['zdd-app'] === 'rg/web' && tags['zdd-lock']);
      if (verdict === undefined || recorded(world, 'zdd-verdict') !== undefined) return false;
      for (const { tags } of records) tags['zdd-verdict'] = verdict;
      return records.length > 0;
    },
  },
  {
    name: 'takes-view-away',
    what: 'takes away our permission to see who is connected',
    allows: HARMLESS,
    forbids: /^(read-only|switch|complete)$/,
    apply(world) {
      takeViewAway(world);
      return true;
    },
  },
  ...laterOperators,
  ...forgingOperators,
];

const OF_ANOTHER_APP = {
  'zdd-deployment': '20260815-yyyyy',
  'zdd-app': 'rg/third',
  'zdd-run': 'org/third/9/1',
  'zdd-actor': 'bob',
  'zdd-lock': 'held',
  'zdd-mode': 'read-only',
  'zdd-databases': 'shop',
  'zdd-readonly-slot': 'zdd-readonly',
  'zdd-staging-slot': 'zdd-staging',
  'zdd-profile': 'custom',
  'zdd-requested-at': '2026-08-15T10:00:00.0000000Z',
};

function swapByHand(world: World, name: string, now: number): boolean {
  return onSlot(world, name, (slot) => {
    for (const each of [slot, production(world)]) if (each.state === 'Stopped') start(world, each.name, now);
    beginSwap(world, slot, production(world), now);
  });
}

function start(world: World, name: string, now: number): boolean {
  return onSlot(world, name, (slot) => {
    slot.state = 'Running';
    restart(world, slot, now);
  });
}

function stop(world: World, name: string, now: number): boolean {
  return onSlot(world, name, (slot) => {
    endInstance(world, slot, now);
    slot.state = 'Stopped';
  });
}

function changeSetting(world: World, name: string, now: number): boolean {
  return onSlot(world, name, (slot) => {
    slot.occupant.settings = { ...slot.occupant.settings, SHOP_COLOUR: 'red' };
    restart(world, slot, now);
  });
}

function deleteSlot(world: World, name: string, now: number): boolean {
  return onSlot(world, name, (slot) => {
    endInstance(world, slot, now);
    forgetIdentity(world, slot);
    delete site(world).slots[name];
  });
}

function drop(world: World, name: string, now: number): void {
  for (const server of Object.values(world.sql.servers)) {
    const database = server.databases[name];
    if (database === undefined) continue;
    for (const session of Object.values(world.sql.sessions)) {
      if (session.databaseId === database.databaseId) endSession(world, session.sessionId, now);
    }
    delete server.databases[name];
  }
}

function connect(world: World, now: number): boolean {
  const bob = {
    from: '192.0.2.2',
    hostName: 'LAPTOP-BOB',
    programName: 'Microsoft SQL Server Management Studio - Query',
    hostProcessId: 99,
  };
  return openForeignSession(world, bob, now) !== undefined;
}

function onSlot(world: World, name: string, act: (slot: Slot) => void): boolean {
  const slot = site(world).slots[name];
  if (slot === undefined) return false;
  act(slot);
  return true;
}
