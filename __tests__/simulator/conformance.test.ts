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

const SUBSCRIPTION = '5a445a44-1234-4321-8000-000000000002';
const asked = { subscription: SUBSCRIPTION, location: 'westeurope', id: 'test' };

/** An empty Azure in virtual time: it passes while somebody waits. */
function simulated() {
  const world = emptyAzure(SUBSCRIPTION);
  const clientId = addRoleOfOwner(world);
  const clock = virtualClock(EPOCH);
  clock.onTick = (now) => advance(world, now);
  const { send, sql } = modelPorts({ world, clock, clientId, run: nothingIsRun, log: silentLog });
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
    'tds-8: answered: yes',
  ]);
  expect(seen.differences).toEqual([]);
  expect([world.resourceGroups, world.web.sites, world.sql.servers]).toEqual([{}, {}, {}]);
  expect(JSON.stringify(seen.traffic)).not.toMatch(/5a445a44-1234|Aa1~|\/resourcegroups\?/);
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
