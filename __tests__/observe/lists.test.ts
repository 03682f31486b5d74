import { expect, test } from '@jest/globals';
import { listsAhead } from '../../src/observe/lists.ts';
import { answer, stage } from '../apply/scene.ts';

const SERVERS = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers';
const [NEAR, FAR] = [`${SERVERS}/near`, `${SERVERS}/far`];
const at = (server: string) => `${server}/databases/shop`;

/** A run, and the paths that Azure was asked for. */
async function looking() {
  const { scene, answering, clock } = await stage();
  const asked: string[] = [];
  answering(({ url }) => {
    const { pathname } = new URL(url);
    if (!pathname.startsWith(SERVERS)) return undefined;
    asked.push(pathname);
    const properties = { databaseId: pathname, status: 'Online', creationDate: '2026-01-30T14:00:00Z' };
    const database = { id: pathname, name: 'shop', location: 'x', properties };
    return answer(200, pathname.endsWith('/databases') ? { value: [database] } : database);
  });
  return { context: scene().context, asked, begun: () => clock.sleep(500) };
}

test('what a server lists is asked for once a look', async () => {
  const { context, asked } = await looking();
  const lists = listsAhead(context);
  const [one, again] = await Promise.all([lists.of(NEAR), lists.of(NEAR)]);
  expect(again).toEqual(one);
  expect(asked).toEqual([`${NEAR}/databases`]);
});

test('the next look asks at once for each single database that the last one read, and takes each for itself', async () => {
  const { context, asked, begun } = await looking();
  const first = listsAhead(context);
  for (const server of [FAR, NEAR]) await first.database(server, 'shop');
  expect(asked.splice(0)).toEqual([at(FAR), at(NEAR)]);
  const second = listsAhead(context);
  await begun();
  expect(asked.splice(0).toSorted()).toEqual([at(FAR), at(NEAR)].toSorted());
  const found = await Promise.all([NEAR, FAR].map((server) => second.database(server, 'shop')));
  expect(found.map((database) => database?.databaseId)).toEqual([at(NEAR), at(FAR)]);
  expect((await second.database(NEAR, 'stock'))?.databaseId).toBe(`${NEAR}/databases/stock`);
  expect(asked).toEqual([`${NEAR}/databases/stock`]);
});

test('what the last look did not read is not asked for ahead, whatever was read before', async () => {
  const { context, asked, begun } = await looking();
  await listsAhead(context).database(NEAR, 'shop');
  listsAhead(context);
  await begun();
  asked.length = 0;
  listsAhead(context);
  await begun();
  expect(asked).toEqual([]);
});

test('what the servers of the deployment list is asked for at once', async () => {
  const { context, asked, begun } = await looking();
  const server = { id: FAR, name: 'far', names: ['far'], minimalTlsVersion: '', host: 'far', port: 1433 };
  context.known.servers = [
    {
      server,
      facts: { ...server, hostName: 'far', location: 'x', publicNetworkAccess: 'Enabled', privateEndpoint: false },
    },
  ];
  listsAhead(context);
  await begun();
  expect(asked).toEqual([`${FAR}/databases`]);
});
