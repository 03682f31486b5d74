import { expect, test } from '@jest/globals';
import { speakTo } from '../../simulator/conformance/azure.ts';
import { compareWithModel } from '../../simulator/conformance/compare.ts';
import { addRoleOfOwner, emptyAzure } from '../../simulator/conformance/empty-azure.ts';
import { reportOf } from '../../simulator/conformance/report.ts';
import { runConformance } from '../../simulator/conformance/run.ts';
import { modelPorts } from '../../simulator/in-process/model-ports.ts';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { advance, request } from '../../simulator/model/model.ts';
import type { ModelRequest, ModelResponse, World } from '../../simulator/model/world.ts';
import { type HttpRequest, type Ports, SqlError } from '../../src/ports.ts';

const SUBSCRIPTION = '5a445a44-1234-4321-8000-000000000002';
const asked = { subscription: SUBSCRIPTION, location: 'westeurope', id: 'test' };

type Ways = Pick<Ports, 'send' | 'sql'>;

/** An empty Azure in virtual time: it passes while somebody waits. */
function simulated(otherwise: (ports: Ways) => Ways = (ports) => ports) {
  const world = emptyAzure(SUBSCRIPTION);
  const clientId = addRoleOfOwner(world);
  const clock = virtualClock(EPOCH);
  clock.onTick = (now) => advance(world, now);
  const { send, sql } = otherwise(modelPorts({ world, clock, clientId, run: nothingIsRun, log: silentLog }));
  const token = async () => clientId;
  return {
    world,
    azure: speakTo({ send, sql, clock, token, sqlPort: 1433, resourceManager: 'https://management.azure.com' }),
  };
}

async function nothingIsRun(): Promise<never> {
  throw new Error('Nothing is run.');
}

test('in the place of Azure, the simulator answers every check as it is relied on, and as the model does', async () => {
  const { world, azure } = simulated();
  const seen = await runConformance(azure, asked);
  expect(seen.facts.map(({ name, verdict, seen: what }) => `${name}: ${verdict}: ${what}`)).toEqual([
    'unknown-api-version: as relied on: 400 NoRegisteredProviderFound',
    'slot-is-created: as relied on: 200 Running',
    'upload-to-a-stopped-slot: answered: 202',
    'tags-and-config-in-a-swap: answered: swap 200; carried: http20Enabled, autoHealEnabled',
    'swap-is-recorded: as relied on: staging to Production',
    'settings-are-replaced: as relied on: only NEW',
    'write-during-a-swap: as relied on: 409 Conflict SwapSiteSlots',
    'swap-undoes-a-swap: as relied on: in production, then in its slot',
    'both-settings-by-one-patch: answered: 200; kept: ONE_SETTING, OneString',
    'sticky-names-restart: answered: yes',
    'operation-id-in-a-swap: answered: nothing; swap 200',
    'state-in-a-swap: answered: swap 400 BadRequest; production Running, staging Stopped',
    'warm-up-with-https-only: answered: swap 200',
    'copy-onto-a-name: as relied on: 202 UpdateLogicalDatabase',
    'tags-of-a-copy: answered: {"kept":"yes"}',
    'tag-write-of-a-database: as relied on: 202, then 404 InvalidResourceType',
    'rename-keeps-the-id: as relied on: 200, the same',
    'rename-below-a-lock: answered: rename 200; deletion 409 ScopeLocked',
    'restore-to-the-future: answered: 400 InvalidRestorePointInTime',
    'firewall-names-the-address: as relied on: 40615',
    'who-is-connected: as relied on: the second is seen; others: nobody',
    'write-to-a-read-only-database: as relied on: 3906',
    'counters-of-a-read-only-database: answered: 3, then 4',
    'copy-of-a-read-only-database: answered: yes',
    'rename-while-connected: answered: 409 5030; the connection stays',
    'read-only-while-connected: as relied on: 5070 and 5069',
    'app-lock-excludes: as relied on: 0, then -1, then 0',
    'app-lock-in-a-read-only-database: answered: 0, then -1, then 0',
    'restore-names-its-operation: as relied on: 202 CreateRestoreRequest',
    'tags-while-restored-from: answered: 202 while it was under way; restored: Online',
    'restore-of-a-read-only-database: answered: no',
    'who-may-set-read-only: answered: yes',
    'tds-8: answered: yes',
    'visitors-in-a-scale-up: answered: 200; 1 of 60 visits were bad, one every five seconds',
  ]);
  expect(seen.differences).toEqual([]);
  expect([world.resourceGroups, world.web.sites, world.sql.servers]).toEqual([{}, {}, {}]);
  expect(JSON.stringify(seen.traffic)).not.toMatch(/5a445a44-1234|Aa1~|Server=none|\/resourcegroups\?/);
  expect(reportOf(seen, { at: '2026-11-28', commit: 'abc', where: 'here' })).toContain('otherwise: 0');
});

test('a planted difference in the model is found, and named with its request', async () => {
  const { azure } = simulated();
  const seen = await runConformance(azure, asked, (traffic, subscription) =>
    compareWithModel(traffic, subscription, (world: World, one: ModelRequest, now: number): ModelResponse => {
      const answer = request(world, one, now);
      if (!one.url.includes('/move')) return answer;
      return { ...answer, status: 202, headers: { ...answer.headers, location: 'https://management.azure.com/x' } };
    }),
  );
  expect(seen.differences.map(({ request: asked, found }) => [asked.replace(/^.*databases/, ''), found])).toEqual([
    ['/tagged/move?api-version=2023-08-01', PLANTED],
    ['/renamed/move?api-version=2023-08-01', PLANTED],
  ]);
});

const PLANTED = ['status: 200, not 202', 'header location: undefined, not "https://<host>/x"'];

test('of an Azure that does otherwise, the checks tell so', async () => {
  const { world, azure } = simulated(({ send, sql }) => ({
    async send(one, signal) {
      const { method, url } = one;
      if (url.includes('/staging/stop')) return { status: 200, headers: {}, body: new Uint8Array() };
      if (/PUT .*slotConfigNames/.test(`${method} ${url}`)) return send(shown(one), signal);
      if (/PATCH .*shop.providers.*tags/.test(`${method} ${url}`)) return { ...(await send(shown(one))), status: 409 };
      const isPing = method === 'PUT' && String(one.body).includes('200,403,404');
      const answer = await send(
        isPing ? { ...one, body: String(one.body).replace('200,403,404', '301') } : one,
        signal,
      );
      const text = new TextDecoder().decode(answer.body);
      if (!text.includes('"inProgressOperationId":null')) return answer;
      const body = text.replace('"inProgressOperationId":null', '"inProgressOperationId":"one"');
      return { ...answer, body: new TextEncoder().encode(body) };
    },
    sql: {
      async connect(target) {
        const connection = await sql.connect(target);
        const isUser = 'user' in target.login && target.login.user === 'only_alter';
        const refuse = () => Promise.reject(new SqlError([5011, 5069], 'User does not have permission'));
        return isUser ? { ...connection, query: refuse } : connection;
      },
    },
  }));
  world.variants['patch-leaves-connection-strings'] = true;
  world.variants['applock-refused-read-only'] = true;
  world.variants['read-only-carried-by-restore'] = true;
  world.variants['scale-up-interrupts'] = true;
  const { facts } = await runConformance(azure, asked, () => []);
  const seen = Object.fromEntries(facts.map(({ name, seen: what }) => [name, what]));
  expect(seen).toMatchObject({
    'app-lock-in-a-read-only-database': '3906',
    'both-settings-by-one-patch': '200; kept: ONE_SETTING',
    'sticky-names-restart': 'no',
    'operation-id-in-a-swap': 'an id; swap 200',
    'state-in-a-swap': 'swap 200; production Running, staging Running',
    'warm-up-with-https-only': 'swap 400 BadRequest',
    'tags-while-restored-from': '409 while it was under way; restored: Online',
    'restore-of-a-read-only-database': 'yes',
    'who-may-set-read-only': '5011 and 5069',
    'visitors-in-a-scale-up': '200; 8 of 60 visits were bad, one every five seconds',
  });
});

test('of an Azure on which no safety rule could rest, the checks are red', async () => {
  const { world, azure } = simulated(({ send, sql }) => {
    let settings = '{}';
    return {
      async send(one, signal) {
        const { method, url } = one;
        // Settings are added to those that were there.
        if (method === 'PUT' && url.includes('/config/appsettings')) {
          const { properties } = JSON.parse(String(one.body));
          settings = JSON.stringify({ ...JSON.parse(settings), ...properties });
          return send({ ...one, body: `{"properties":${settings}}` }, signal);
        }
        const isWrite = method === 'PATCH' && String(one.body) === '{"properties":{"http20Enabled":false}}';
        const answer = await send(isWrite ? shown(one) : one, signal);
        const text = new TextDecoder().decode(answer.body).replace('CreateRestoreRequest', 'UpdateLogicalDatabase');
        return { ...answer, body: new TextEncoder().encode(text) };
      },
      sql: {
        async connect(target) {
          const connection = await sql.connect(target);
          return {
            ...connection,
            async query(statement, parameters) {
              if (statement.includes('sp_getapplock')) return [{ result: 0 }];
              if (statement.includes('[copied] SET READ_ONLY')) return [];
              return connection.query(statement, parameters);
            },
          };
        },
      },
    };
  });
  world.variants['swap-does-nothing'] = true;
  const { facts } = await runConformance(azure, asked, () => []);
  const red = facts.filter(({ verdict }) => verdict === 'otherwise');
  expect(red.map(({ name, seen }) => `${name}: ${seen}`)).toEqual([
    'swap-is-recorded: undefined to undefined',
    'settings-are-replaced: OLD and NEW',
    'write-during-a-swap: 200 no operation',
    'swap-undoes-a-swap: in another place, then in its slot',
    'read-only-while-connected: not refused',
    'app-lock-excludes: 0, then 0, then 0',
    'restore-names-its-operation: 202 UpdateLogicalDatabase',
  ]);
});

/** The same resource, only read. */
function shown({ body: _, ...one }: HttpRequest): HttpRequest {
  return { ...one, method: 'GET' };
}

test('what a killed run left is removed when its time is over, and nothing else', async () => {
  const { world, azure } = simulated();
  const group = (name: string, until: number) => ({ name, location: 'x', tags: { 'zdd-conformance': String(until) } });
  world.resourceGroups['zdd-conformance-old'] = group('zdd-conformance-old', EPOCH - 1);
  world.resourceGroups['zdd-conformance-young'] = group('zdd-conformance-young', EPOCH + 1_000_000_000);
  world.resourceGroups.shop = group('shop', EPOCH - 1);
  const { swept } = await runConformance(azure, asked);
  expect(swept).toEqual(['zdd-conformance-old']);
  expect(Object.keys(world.resourceGroups)).toEqual(['zdd-conformance-young', 'shop']);
});
