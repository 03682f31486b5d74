import { actionDefaults } from '../../simulator/in-process/action-defaults.ts';
import { runInProcess } from '../../simulator/in-process/run-in-process.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { createWorld, EPOCH } from '../../simulator/model/create-world.ts';
import type { Database, SqlServer } from '../../simulator/model/sql/state.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { PRODUCTION, slotOf } from '../../simulator/model/web/lookup.ts';
import type { Slot } from '../../simulator/model/web/state.ts';
import type { World } from '../../simulator/model/world.ts';
import type { Check } from '../../src/deployment/check.ts';

/** When preflight looks. */
export const NOW = EPOCH + 60_000;
export const SITE =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Web/sites/web';

/** A world in which nothing is in the way of a deployment, and its parts by short names. */
export interface FineWorld {
  readonly world: World;
  readonly production: Slot;
  readonly server: SqlServer;
  readonly shop: Database;
}

export function fineWorld(): FineWorld {
  const world = createWorld({
    build: { name: 'shop', version: '1.0.0', schema: '1' },
    appSettings: { WEBSITE_ADD_SITENAME_BINDINGS_IN_APPHOST_CONFIG: '1' },
  });
  const [server] = Object.values(world.sql.servers);
  const shop = server?.databases.shop;
  if (!server || !shop) throw new Error('The world has no database shop.');
  server.firewallRules.runner = {
    name: 'runner',
    startIpAddress: '203.0.113.7',
    endIpAddress: '203.0.113.7',
    effectiveAt: 0,
  };
  return { world, production: slotOf(world, 'web', PRODUCTION), server, shop };
}

/** A slot of the app that bears our tag and is configured as production. */
export function ourSlot({ world, production }: FineWorld, name: string): Slot {
  const site = world.web.sites.web;
  if (!site) throw new Error('The world has no app.');
  const slot = addSlot(world, site, name, EPOCH);
  slot.tags = { 'zdd-slot': 'yes' };
  slot.fixedConfig = structuredClone(production.fixedConfig);
  slot.properties = structuredClone(production.properties);
  slot.auth = structuredClone(production.auth);
  return slot;
}

/** Preflight's table. Every input that is not given has its default. */
export async function preflight(
  fine: FineWorld,
  inputs: Readonly<Record<string, string>> = {},
  from?: string,
): Promise<readonly Check[]> {
  const [deployer] = Object.values(fine.world.principals);
  const given = {
    phase: 'preflight',
    'resource-group': 'rg',
    'app-name': 'web',
    'client-id': deployer?.clientId ?? '',
    'subscription-id': fine.world.subscriptionId,
    'deployment-id': '20260901-abcde',
    'read-only-probes': 'POST /order -> 503',
    'schema-version-query': 'SELECT version FROM schema_version',
    'readonly-settings': 'JOBS_OFF=true',
    package: '/release/new.zip',
    ...inputs,
  };
  const unknown = Object.keys(given).filter((name) => !(name in actionDefaults()));
  if (unknown.length > 0) throw new Error(`There is no input ${unknown.join(', ')}.`);
  const report = await runInProcess({
    world: fine.world,
    clock: virtualClock(NOW),
    clientId: deployer?.clientId ?? '',
    inputs: given,
    ...(from && { from }),
  });
  const checks = report.phases[0]?.checks;
  if (checks === undefined) throw new Error(`There is no table: ${report.failure?.happened}`);
  return checks;
}

/** The lines that are not fine, as `verdict name`, each with its fix. */
export function notFine(checks: readonly Check[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    checks.filter(({ verdict }) => verdict !== 'passed').map(({ verdict, name, fix }) => [`${verdict} ${name}`, fix]),
  );
}
