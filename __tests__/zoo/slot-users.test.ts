import { expect, test } from '@jest/globals';
import { signsInByIdentity } from '../../simulator/in-process/signs-in-by-identity.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { forgetIdentity } from '../../simulator/model/web/identity.ts';
import type { Trial } from '../in-process/trial.ts';
import { production } from '../in-process/trial.ts';
import { deploy, open, type Parts, packageOf, partsOf, type Zoo } from '../in-process/zoo.ts';

/** Each slot signs in to the database as itself, and there is production only. */
const alone = ({ world, site, server }: Parts) => signsInByIdentity(world, site, server, EPOCH, true);
const zoo: Zoo = { arrange: alone, inputs: { 'slot-users': 'true' } };

/** The users of identities and their roles, in a database. */
function usersIn({ world }: Pick<Trial, 'world'>, name: string): string[] {
  const [server] = Object.values(world.sql.servers);
  const users = Object.values(server?.databases ?? {}).find((database) => database.name.startsWith(name))?.users ?? [];
  return users.flatMap((user) => (user.clientId === undefined ? [] : [`${user.name}: ${user.roles.join()}`])).sort();
}

/** As Azure does: with its identity. */
function removeSlot({ world, site }: Pick<Parts, 'world' | 'site'>, name: string): void {
  const slot = site.slots[name];
  if (slot) forgetIdentity(world, slot);
  delete site.slots[name];
}

const OF_SLOTS = ['web/slots/zdd-readonly: db_owner', 'web/slots/zdd-staging: db_owner'];
const ALL = [...OF_SLOTS, 'web: db_owner'];

test.each(['process-keeps-identity', 'identities-late'] as const)(
  'slots and users are made before the copies are closed, and stay (%s)',
  async (variant) => {
    const seen: string[][] = [];
    const { ended, visitors, said, trial } = await deploy({
      ...zoo,
      variants: [variant],
      before: { 'read-only': (_, so) => void seen.push(usersIn(so, 'shop-zdd-')) },
    });
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
    expect(seen).toEqual([ALL]);
    expect(usersIn(trial, 'shop')).toEqual(ALL);
    expect(said).toMatch(/passed database users of the slots: "clone" makes web\/slots\/zdd-readonly.*They stay/);
  },
);

test('without the input preflight refuses, and names it', async () => {
  const { ended, trial } = await deploy({ ...zoo, inputs: {} });
  expect(ended).toMatch(/^refused by preflight: .*no user web\/slots\/zdd-readonly.*slot-users: true/s);
  expect(usersIn(trial, 'shop')).toEqual(['web: db_owner']);
});

test.each([
  [{}, 'which says how to make both'],
  [{ 'slot-users': 'true' }, 'then run "preflight" again'],
])('the user of a slot that is gone is not taken for that of the slot made anew: %j', async (inputs, words) => {
  const isGone = ({ world, site, server }: Parts) => {
    signsInByIdentity(world, site, server, EPOCH);
    removeSlot({ world, site }, 'zdd-readonly');
  };
  const { ended } = await deploy({ arrange: isGone, inputs });
  expect(ended).toMatch(
    /^refused by preflight: .*slots\/zdd-readonly of database shop is of an identity that does not exist/s,
  );
  expect(ended).toContain('In shop: DROP USER [web/slots/zdd-readonly]; then');
  expect(ended).toContain(words);
});

test('once that user is dropped, slot-users makes it anew', async () => {
  const { ended, trial } = await deploy({
    ...zoo,
    arrange({ world, site, server }) {
      signsInByIdentity(world, site, server, EPOCH);
      removeSlot({ world, site }, 'zdd-readonly');
      const { shop } = server.databases;
      if (shop) shop.users = shop.users.filter(({ name }) => name !== 'web/slots/zdd-readonly');
    },
  });
  expect(ended).toBe('deployed');
  expect(usersIn(trial, 'shop')).toEqual(ALL);
});

test.each(['zdd-readonly', 'zdd-staging'])(
  'slot %s, deleted after "clone", is not made anew with an identity that the clones do not know',
  async (slot) => {
    const trial = open(zoo);
    const all = { ...zoo.inputs, package: packageOf(zoo) };
    await trial.through(['clone', all]);
    removeSlot(partsOf(trial.world), slot);
    const { failure } = await trial.run('read-only', all);
    expect(failure).toMatchObject({
      kind: 'refused',
      happened: `Slot ${slot} does not exist any more: one made anew has another identity, which the databases do not know.`,
      next: 'Run "cleanup", then "preflight": it says what the databases need.',
    });
    expect(partsOf(trial.world).site.slots[slot]).toBeUndefined();
    await trial.through(['cleanup', all]);
    expect((await trial.run('preflight', all)).failure?.next).toContain(`DROP USER [web/slots/${slot}]`);
  },
);

test('users that are there stay as they are, and get what production’s has', async () => {
  const { ended, trial } = await deploy({
    ...zoo,
    arrange(parts) {
      signsInByIdentity(parts.world, parts.site, parts.server, EPOCH);
      for (const user of parts.server.databases.shop?.users ?? []) if (/readonly/.test(user.name)) user.roles = [];
    },
  });
  expect(ended).toBe('deployed');
  expect(usersIn(trial, 'shop')).toEqual(ALL);
});

test('where the server may not look up names, clone says so, and what an administrator would run', async () => {
  const trial = open({ ...zoo, variants: ['server-knows-no-names'] });
  const { failure } = await trial.run('clone', zoo.inputs);
  expect(failure).toMatchObject({
    happened: expect.stringMatching(/web\/slots\/zdd-readonly was not made in database shop: .*Directory Readers/),
    next: expect.stringMatching(/CREATE USER \[web\/slots\/zdd-readonly\] FROM EXTERNAL PROVIDER; .*run "clone" again/),
  });
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  delete trial.world.variants['server-knows-no-names'];
  const all = { ...zoo.inputs, package: packageOf(zoo) };
  await trial.through(['clone', all], ['read-only', all], ['switch', all]);
});

test.each<[string, (parts: Parts) => void, RegExp]>([
  [
    'who production signs in as is not known there',
    ({ server }) => {
      const { shop } = server.databases;
      if (shop) shop.users = shop.users.filter(({ name }) => name !== 'web');
    },
    /has no user web, with which production signs in/,
  ],
  [
    'our user may not make others',
    ({ server, world }) => {
      const [clientId = ''] = Object.keys(world.principals);
      server.entraAdministrator = 'another';
      const permissions = ['ALTER', 'VIEW DATABASE STATE', 'CONNECT', 'VIEW DEFINITION', 'SELECT'];
      server.databases.shop?.users.push({ name: 'deployer', clientId, roles: ['db_datareader'], permissions });
    },
    /User deployer may not make users in database shop.*ALTER ROLE \[db_owner\] ADD MEMBER \[deployer\]/,
  ],
])('preflight refuses where %s', async (_, breaks, words) => {
  const { ended } = await deploy({
    ...zoo,
    arrange(parts) {
      alone(parts);
      breaks(parts);
    },
  });
  expect(ended).toMatch(/^refused by preflight: /);
  expect(ended).toMatch(words);
});

test('an app that signs in otherwise gets neither slots nor users in clone', async () => {
  const trial = open();
  await trial.through(['clone', { 'slot-users': 'true' }]);
  expect(Object.keys(partsOf(trial.world).site.slots)).toEqual(['production']);
  expect(usersIn(trial, 'shop')).toEqual([]);
});

test('a rehearsal that ends after clone leaves slots that cleanup has emptied', async () => {
  const trial = open(zoo);
  await trial.through(['clone', zoo.inputs ?? {}], ['cleanup', zoo.inputs ?? {}]);
  expect(usersIn(trial, 'shop')).toEqual(ALL);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});
