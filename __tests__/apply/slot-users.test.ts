import { expect, test } from '@jest/globals';
import { addSlotUsers } from '../../src/apply/slot-users.ts';
import { type SqlConnection, SqlError } from '../../src/ports.ts';
import { CLONE } from '../phases/observed.ts';
import { PAIR, pairOf, sketch } from './sketch.ts';

const because = 'slots sign in as themselves';
const READ_ONLY = 'shop/slots/zdd-readonly';
const STAGING = 'shop/slots/zdd-staging';

type Users = Record<string, string[]>;

/** Databases with users and their roles, as SQL Server tells of them and changes them. */
function engine(
  users: Readonly<Record<string, Users>>,
  meets: (statement: string) => Error | undefined = () => undefined,
) {
  const did: string[] = [];
  const there = sketch();
  const connectionTo = (database: string): SqlConnection => ({
    async query(statement) {
      await there.clock.sleep(5);
      const its = users[database] ?? {};
      const roles = [...new Set(Object.values(its).flat())];
      if (/FROM sys\.database_principals/.test(statement))
        return [
          ...Object.keys(its).map((name, index) => ({ principal_id: index, name, type: 'E' })),
          ...roles.map((name, index) => ({ principal_id: 100 + index, name, type: 'R' })),
        ];
      if (/FROM sys\.database_role_members/.test(statement))
        return Object.values(its).flatMap((of, index) =>
          of.map((role) => ({ member_principal_id: index, role_principal_id: 100 + roles.indexOf(role) })),
        );
      const error = meets(statement);
      if (error) throw error;
      did.push(`${database}: ${statement}`);
      const [, made] = /^CREATE USER \[(.+)\] FROM/.exec(statement) ?? [];
      if (made !== undefined) its[made] = [];
      return [];
    },
    close: async () => undefined,
  });
  const use = async <T>(name: string, work: (connection: SqlConnection) => Promise<T>) => work(connectionTo(name));
  const databases = { ...there.context.databases, use, read: use };
  const { context, ...scene } = there.scene({ databases: [PAIR, { ...pairOf('stock', 'x'), clone: null }] });
  const app = { subscriptionId: 's', resourceGroup: 'shop-rg', name: 'shop' };
  const of = { ...scene, context: { ...context, app, databases } as typeof context };
  const add = (...slots: string[]) => addSlotUsers(of, { kind: 'add-slot-users', slots, because });
  return { add, did, clock: there.clock, infos: there.infos, cancelled: there.cancelled };
}

const make = (database: string, user: string, ...roles: string[]) => [
  `${database}: CREATE USER [${user}] FROM EXTERNAL PROVIDER;`,
  ...roles.map((role) => `${database}: ALTER ROLE [${role}] ADD MEMBER [${user}];`),
];

const OWN = () => ({ shop: ['db_datareader', 'db_datawriter'] });

test('each original and each clone that is there gets a user of each slot, with the roles of production’s own there', async () => {
  const there = engine({ shop: { shop: ['db_owner'] }, stock: OWN(), [CLONE]: { shop: ['db_owner'] } });
  expect(await there.add('zdd-readonly', 'zdd-staging')).toEqual({ done: [{ kind: 'add-slot-users', subject: '' }] });
  expect(there.did).toEqual([
    ...make('shop', READ_ONLY, 'db_owner'),
    ...make('shop', STAGING, 'db_owner'),
    ...make('stock', READ_ONLY, 'db_datareader', 'db_datawriter'),
    ...make('stock', STAGING, 'db_datareader', 'db_datawriter'),
    ...make(CLONE, READ_ONLY, 'db_owner'),
    ...make(CLONE, STAGING, 'db_owner'),
  ]);
});

test('a user that is there stays, in whatever case, and gets the roles that it lacks and no other', async () => {
  const there = engine({
    shop: { SHOP: ['db_owner', 'orders'], 'Shop/Slots/zdd-ReadOnly': ['db_owner'] },
    stock: { shop: ['db_owner'], [READ_ONLY]: ['db_owner', 'more'] },
    [CLONE]: { shop: [], [READ_ONLY]: [] },
  });
  await there.add('ZDD-readonly');
  expect(there.did).toEqual([`shop: ALTER ROLE [orders] ADD MEMBER [shop/slots/ZDD-readonly];`]);
  expect(there.infos).toHaveLength(1);
});

test('where production’s user is in no role, that of a slot is made all the same: it signs in with it', async () => {
  const there = engine({ shop: { shop: [] }, stock: { shop: [] }, [CLONE]: { shop: [] } });
  await there.add('zdd-readonly');
  expect(there.did).toEqual(['shop', 'stock', CLONE].flatMap((database) => make(database, READ_ONLY)));
});

test('where it is not known who production signs in as, nobody is made', async () => {
  const there = engine({ shop: { another: ['db_owner'] }, stock: OWN(), [CLONE]: OWN() });
  await expect(there.add('zdd-readonly')).rejects.toMatchObject({
    kind: 'refused',
    happened: expect.stringMatching(/^Database shop has no user shop, with which production signs in/),
    next: 'Make it, or the users of the slots, by hand: CREATE USER [shop/slots/zdd-readonly] FROM EXTERNAL PROVIDER; Then run "clone" again.',
  });
  expect(there.did).toEqual([]);
});

const unknown = new SqlError(33130, 'Principal could not be found.');

test('Entra knows a new identity only after a while: that is waited for, five minutes long', async () => {
  let left = 3;
  const slow = engine({ shop: OWN(), stock: OWN(), [CLONE]: OWN() }, () => (left-- > 0 ? unknown : undefined));
  await slow.add('zdd-readonly');
  expect(slow.did).toHaveLength(9);
  expect(slow.clock.now()).toBeGreaterThan(2500);
  const never = engine({ shop: OWN() }, () => unknown);
  await expect(never.add('zdd-readonly')).rejects.toMatchObject({
    happened: expect.stringMatching(
      /^Waited 5 min 0 s for Microsoft Entra to know shop\/slots\/zdd-readonly; last seen/,
    ),
    next: expect.stringContaining(
      `or run in shop: ${make('shop', READ_ONLY, 'db_datareader', 'db_datawriter').join(' ').replaceAll('shop: ', '')} Then run "clone" again.`,
    ),
  });
});

test('a run that is cancelled does not wait for Entra', async () => {
  const there = engine({ shop: OWN() }, () => unknown);
  const adding = there.add('zdd-readonly');
  await there.clock.sleep(2000);
  there.cancelled.abort(new Error('cancelled'));
  await expect(adding).rejects.toThrow('cancelled');
});

test.each([
  [new SqlError(33134, 'Principal could not be resolved.'), 'the SQL server may not look up identities'],
  [new SqlError(15247, 'User does not have permission.'), 'User does not have permission. Visitors'],
])('what SQL Server refuses is said, and what an administrator runs in its place: %s', async (error, words) => {
  const there = engine({ shop: { ...OWN(), [READ_ONLY]: ['db_datareader'] } }, () => error);
  await expect(there.add('zdd-readonly')).rejects.toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining(words),
    // Only what is missing: it is there, and has one of the roles.
    next: expect.stringContaining(`run in shop: ALTER ROLE [db_datawriter] ADD MEMBER [${READ_ONLY}]; Then run`),
    cause: error,
  });
});

test.each([new SqlError(40613, 'Database is not currently available.'), new Error('of our own')])(
  'what says nothing of the user is no refusal: %s',
  async (error) => {
    await expect(engine({ shop: OWN() }, () => error).add('zdd-readonly')).rejects.toBe(error);
  },
);
