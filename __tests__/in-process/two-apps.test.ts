import { expect, test } from '@jest/globals';
import { addDatabase } from '../../simulator/model/sql/create.ts';
import { addSite } from '../../simulator/model/web/create.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { World } from '../../simulator/model/world.ts';
import { azure, begin, databaseLines, type Trial } from './trial.ts';

const ID = { 'deployment-id': '20260901-relea' };

test.each(['clone', 'cleanup', 'status'])(
  '%s with the id of another app on the server changes nothing',
  async (phase) => {
    const [shop, admin] = twoApps();
    await shop.through(['clone', ID]);
    const before = azure(shop);
    const { failure } = await admin.run(phase, ID);
    expect(failure?.kind).toBe('bad-input');
    expect(failure?.happened).toContain('that is a deployment of rg/web.');
    expect(azure(shop)).toEqual(before);
  },
);

test('two apps that were given the same id in the same moment each clean up their own', async () => {
  const [shop, admin] = twoApps();
  await Promise.all([shop.through(['clone', ID]), admin.through(['clone', ID])]);
  await admin.through(['cleanup', ID]);
  expect(databaseLines(shop).filter((line) => line.includes('-zdd-'))).toEqual(['shop-zdd-<id> READ_ONLY schema 1']);
  await shop.through(['read-only', ID], ['cleanup', ID]);
});

/** Two apps of one resource group, each with a database of its own on the same server. */
function twoApps(): [Trial, Trial] {
  const shop = begin();
  const admin = begin({}, { world: shop.world, clock: shop.clock, runId: '2' });
  addApp(shop.world, shop.clock.now());
  const run = admin.run;
  const ofAdmin: Trial = {
    ...admin,
    run: (phase, inputs) => run(phase, { 'app-name': 'admin', ...inputs }),
    async through(...phases) {
      for (const each of phases) {
        const [phase, inputs] = typeof each === 'string' ? [each, {}] : each;
        const { failure } = await ofAdmin.run(phase, inputs);
        if (failure) throw new Error(`${phase}: ${failure.happened} ${failure.next}`);
      }
    },
  };
  return [shop, ofAdmin];
}

function addApp(world: World, now: number): void {
  const [server] = Object.values(world.sql.servers);
  const [plan] = Object.values(world.web.plans);
  if (!server || !plan) throw new Error('a world without server or plan');
  addDatabase(world, server, { name: 'admin' }, now);
  addSite(world, { name: 'admin', resourceGroup: 'rg', plan: plan.name }, now);
  const production = slotOf(world, 'admin', 'production');
  const occupant = structuredClone(slotOf(world, 'web', 'production').occupant);
  for (const [name, each] of Object.entries(occupant.connectionStrings)) {
    occupant.connectionStrings[name] = { ...each, value: each.value.replace('=shop;', '=admin;') };
  }
  Object.assign(production, { occupant, state: 'Running' });
  restart(world, production, now);
}
