import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runInProcess } from '../../simulator/in-process/run-in-process.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { buildFiles } from '../../simulator/model/app/build.ts';
import { createWorld, EPOCH } from '../../simulator/model/create-world.ts';
import { pack } from '../../simulator/model/web/content.ts';
import type { World } from '../../simulator/model/world.ts';
import { may } from '../../src/azure/permissions.ts';
import { PERMISSIONS, roleActions } from '../../src/preflight/permissions-needed.ts';

const directory = mkdtempSync(join(tmpdir(), 'zdd-role-'));
afterAll(() => rmSync(directory, { recursive: true }));

const WITH_DATABASE = { 'rollback-scope': 'code-and-database' };
const WALKS: readonly (readonly (readonly [string, Readonly<Record<string, string>>])[])[] = [
  [
    ['preflight', {}],
    ['clone', {}],
    ['read-only', {}],
    ['switch', {}],
    ['deploy', {}],
    ['status', {}],
    ['validate', {}],
    ['complete', {}],
    ['cleanup', {}],
  ],
  [
    ['clone', {}],
    ['read-only', {}],
    ['switch', {}],
    ['deploy', {}],
    ['rollback', WITH_DATABASE],
    ['validate', {}],
    ['complete', {}],
    ['cleanup', {}],
  ],
];

test.each(WALKS)(
  'every phase works with the actions that are listed for it, and with no other (%#)',
  async (...walk) => {
    const path = join(directory, 'new.zip');
    writeFileSync(path, pack(buildFiles({ name: 'shop', version: '2.0.0', schema: '2', migratesOnStart: true })));
    const world = createWorld({ build: { name: 'shop', version: '1.0.0', schema: '1' } });
    const clock = virtualClock(EPOCH + 60_000);
    const [deployer] = Object.values(world.principals);
    for (const [phase, more] of walk) {
      allow(
        world,
        PERMISSIONS.filter(({ phases, optional }) => phases.some((each) => each === phase) && !optional).map(
          ({ action }) => action,
        ),
      );
      const inputs = {
        phase,
        'resource-group': 'rg',
        'app-name': 'web',
        'subscription-id': world.subscriptionId,
        'health-path': '/health',
        'soak-seconds': '30',
        ...(phase === 'status' ? {} : { package: path }),
        ...more,
      };
      const report = await runInProcess({ world, clock, clientId: deployer?.clientId ?? '', inputs });
      const red = report.phases[0]?.checks?.filter(
        ({ verdict, name }) => verdict === 'failed' && !name.startsWith('permissions'),
      );
      // preflight itself says that the role of one phase is not enough for the others.
      if (phase !== 'preflight')
        expect([phase, report.failure?.happened, report.failure?.azure?.message]).toEqual([
          phase,
          undefined,
          undefined,
        ]);
      expect([phase, red ?? []]).toEqual([phase, []]);
    }
  },
);

test('the role grants every action, none of which changes production or the names that stay with a slot', () => {
  const grants = [{ actions: roleActions(), notActions: [] }];
  expect(PERMISSIONS.filter(({ action }) => !may(grants, action))).toEqual([]);
  const forbidden = [
    'Microsoft.Web/sites/write',
    'Microsoft.Web/sites/delete',
    'Microsoft.Web/sites/stop/action',
    'Microsoft.Web/sites/restart/action',
    'Microsoft.Web/sites/config/write',
    'Microsoft.Sql/servers/write',
    'Microsoft.Authorization/roleAssignments/write',
  ];
  expect(forbidden.filter((action) => may(grants, action))).toEqual([]);
});

/** At the resource group, as README.md says. */
function allow(world: World, actions: readonly string[]) {
  for (const principal of Object.values(world.principals)) {
    const scope = `/subscriptions/${world.subscriptionId}/resourceGroups/rg`;
    principal.roles = [{ scope, actions: [...actions], notActions: [] }];
  }
}
