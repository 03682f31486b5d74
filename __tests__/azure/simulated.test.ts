import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { WorldOptions } from '../../simulator/model/create-world.ts';
import { createArm } from '../../src/azure/client.ts';
import * as parts from '../../src/azure/database-parts.ts';
import * as databases from '../../src/azure/databases.ts';
import * as firewall from '../../src/azure/firewall.ts';
import { may, permissionsAt } from '../../src/azure/permissions.ts';
import { probe } from '../../src/azure/probe.ts';
import * as scm from '../../src/azure/scm.ts';
import { findServer } from '../../src/azure/servers.ts';
import * as config from '../../src/azure/site-config.ts';
import * as sites from '../../src/azure/sites.ts';
import { sqlAccess } from '../../src/azure/sql-access.ts';
import { holdsLock, takeLock } from '../../src/azure/sql-locks.ts';
import { seesOthers, sessions } from '../../src/azure/sql-sessions.ts';
import * as state from '../../src/azure/sql-statements.ts';
import { isVersioningEnabled } from '../../src/azure/storage.ts';
import * as swap from '../../src/azure/swap.ts';
import { deleteTags, mergeTags } from '../../src/azure/tags.ts';
import { listWebJobs } from '../../src/azure/webjobs.ts';
import type { SqlTarget } from '../../src/ports.ts';
import { fileBody } from '../../src/system/file-body.ts';
import { inScratch } from '../../src/system/scratch.ts';
import { waitFor } from '../../src/wait.ts';
import { OUR_ADDRESS, simulatedPorts } from './simulated.ts';
import { heardLog, publicCloud } from './support.ts';

/** A client of a new simulated world, which fails on any request that it does not know. */
async function simulated(options: WorldOptions = {}) {
  const ports = simulatedPorts(options);
  const log = heardLog();
  const credential = { getToken: async () => ({ token: 'the-token', expiresOnTimestamp: Date.now() + 86_400_000 }) };
  const arm = await createArm({ cloud: publicCloud, credential, log, send: ports.send, clock: ports.clock });
  const { subscriptionId } = ports.world;
  const app = { subscriptionId, resourceGroup: 'rg', name: 'web' };
  const server = await findServer(arm, subscriptionId, 'tcp:sql.database.windows.net,1433', 'rg');
  const finished = (database: string) =>
    waitFor<true>(ports.clock, log, {
      what: 'the operation',
      deadlineMs: 3_600_000,
      signal: undefined,
      otherwise: '',
      look: async () => {
        const operations = await databases.listOperations(arm, server.id, database);
        const open = operations.find((each) => /^(Pending|InProgress)$/.test(each.state));
        return open ? { seen: open.state } : { done: true };
      },
    });
  return { ...ports, log, arm, app, server, finished, production: sites.slotId(app, 'production') };
}

test('a slot must be created, set up, given a package, swapped and deleted', async () => {
  const { arm, app, production, clock, log, send } = await simulated();
  const id = sites.slotId(app, 'zdd-staging');
  expect(await sites.getSite(arm, id)).toBeNull();
  const live = await sites.getSite(arm, production);
  if (live === null) throw new Error('Production is not there');
  expect(await sites.getPlan(arm, live.serverFarmId)).toMatchObject({ tier: 'Standard' });

  const { serverFarmId } = live;
  await sites.createSlot(arm, id, { location: live.location, properties: { serverFarmId, reserved: false } });
  await mergeTags(arm, id, { 'zdd-slot': 'x', other: 'y' });
  await deleteTags(arm, id, { other: 'y' });
  expect((await sites.listSlots(arm, production)).map(({ slot, tags }) => [slot, tags])).toEqual([
    ['zdd-staging', { 'zdd-slot': 'x' }],
  ]);

  await sites.stopSite(arm, id);
  expect(await sites.getSite(arm, id)).toMatchObject({ state: 'Stopped' });
  const settings = await config.getAppSettings(arm, production);
  await config.putAppSettings(arm, id, { ...settings, ZDD_INSTANCE: 'd/new/1' });
  await config.putConnectionStrings(arm, id, await config.getConnectionStrings(arm, production));
  expect(await config.getAppSettings(arm, id)).toMatchObject({ ZDD_INSTANCE: 'd/new/1' });
  await config.patchWebConfig(arm, id, { alwaysOn: true });
  expect(await config.getWebConfig(arm, id)).toMatchObject({ alwaysOn: true });
  expect(await config.getSlotConfigNames(arm, id)).toEqual({ appSettings: [], connectionStrings: [], storage: [] });
  expect(await config.getAuthEnabled(arm, id)).toBe(false);
  expect(await config.getStorageMounts(arm, id)).toEqual({});
  expect(log.secrets).toContainEqual(expect.stringContaining('Password='));

  const host = (await sites.getSite(arm, id))?.scmHostName ?? '';
  const path = await inScratch(tmpdir(), async (folder) => {
    const zip = join(folder, 'live.zip');
    await scm.downloadZip(arm, live.scmHostName, 'site/wwwroot', zip);
    return scm.publishZip(arm, host, await fileBody(zip), { restart: false, clean: true });
  });
  await waitFor<string>(clock, log, {
    what: 'the upload',
    deadlineMs: 600_000,
    signal: undefined,
    otherwise: '',
    look: async () => {
      const seen = await scm.pollDeployment(arm, host, path);
      return seen.state === 'succeeded' ? { done: seen.id } : { seen: seen.state };
    },
  });
  const files = async (of: string) => (await scm.listDirectory(arm, of, 'site/wwwroot'))?.map(({ name }) => name);
  expect(await files(host)).toEqual(await files(live.scmHostName));
  expect(await listWebJobs(arm, host)).toEqual(await listWebJobs(arm, live.scmHostName));

  await sites.startSite(arm, id);
  await clock.sleep(60_000);
  let url = await swap.postSwap(arm, id);
  await waitFor<true>(clock, log, {
    what: 'the swap',
    deadlineMs: 600_000,
    signal: undefined,
    otherwise: '',
    look: async () => {
      const seen = await swap.pollSwap(arm, url);
      if (seen.state === 'succeeded') return { done: true };
      if (seen.state === 'running') url = seen.url;
      return { seen: seen.state };
    },
  });
  expect(await config.getAppSettings(arm, production)).toMatchObject({ ZDD_INSTANCE: 'd/new/1' });
  const status = (await sites.getSite(arm, production))?.swapStatus;
  expect(status && swap.names(status, id)).toBe(true);
  await clock.sleep(60_000);
  expect(await probe(send, clock, { url: `https://${live.hostName}/` })).toMatchObject({ status: 200 });

  await sites.stopSite(arm, id);
  await arm.request({ what: 'delete the slot', method: 'DELETE', at: id, version: '2024-11-01' });
  expect(await sites.getSite(arm, id)).toBeNull();
});

test('a database must be copied, restored, renamed, looked at from all sides and deleted', async () => {
  const { arm, server, clock, finished, production } = await simulated({ databases: ['shop'] });
  const shop = await databases.getDatabase(arm, server.id, 'shop');
  if (shop === null) throw new Error('The database is not there');
  const settings = { location: shop.location, tags: { 'zdd-deployment': 'd' }, sku: shop.sku };
  const copy = await databases.createCopy(arm, server.id, 'copy', shop.id, settings);
  expect(copy).toBe('CreateDatabaseAsCopy');
  expect((await databases.getDatabase(arm, server.id, 'copy'))?.status).toBe('Copying');
  expect(await databases.listOperations(arm, server.id, 'copy')).toHaveLength(1);
  await finished('copy');
  const again = await databases.createCopy(arm, server.id, 'copy', shop.id, settings);
  expect(again).not.toBe('CreateDatabaseAsCopy');
  await finished('copy');

  await clock.sleep(3_600_000);
  const point = new Date((arm.azureTime() ?? 0) - 60_000).toISOString();
  const restore = await databases.createRestore(arm, server.id, 'restored', shop.id, point, settings);
  expect(restore).toBe('CreateRestoreRequest');
  await finished('restored');
  const busy: unknown = await databases.moveDatabase(arm, server.id, 'shop', 'failed').catch((error: unknown) => error);
  expect(state.isOccupied(busy)).toBe(true);
  await sites.stopSite(arm, production);
  await clock.sleep(60_000);
  await databases.moveDatabase(arm, server.id, 'shop', 'failed');
  await databases.moveDatabase(arm, server.id, 'restored', 'shop');
  expect((await databases.getDatabase(arm, server.id, 'failed'))?.databaseId).toBe(shop.databaseId);

  const copyId = databases.databaseId(server.id, 'copy');
  await mergeTags(arm, copyId, { 'zdd-lock': 'held' });
  await clock.sleep(60_000);
  expect((await databases.getDatabase(arm, server.id, 'copy'))?.tags).toMatchObject({ 'zdd-lock': 'held' });

  const short = await parts.getShortTermRetention(arm, server.id, 'failed');
  await parts.putShortTermRetention(arm, server.id, 'shop', short);
  await clock.sleep(60_000);
  const long = await parts.getLongTermRetention(arm, server.id, 'failed');
  await parts.putLongTermRetention(arm, server.id, 'shop', long);
  await clock.sleep(60_000);
  expect(await parts.listReplicationLinks(arm, server.id, 'failed')).toEqual([]);
  expect(await parts.listFailoverGroups(arm, server.id)).toEqual([]);
  expect(await parts.listElasticPools(arm, server.id)).toEqual([]);

  await databases.deleteDatabase(arm, server.id, 'copy');
  await clock.sleep(60_000);
  await databases.deleteDatabase(arm, server.id, 'copy');
  expect((await databases.listDatabases(arm, server.id)).map(({ name }) => name).sort()).toEqual(['failed', 'shop']);
});

test('a database must be reached through the firewall, quieted, proven and locked', async () => {
  const { arm, server, sql, clock, log } = await simulated();
  const rules: string[] = [];
  const access = sqlAccess({
    arm,
    sql,
    clock,
    log,
    place: (name) => ({ server: { ...server, opensRules: true }, name }),
    programName: 'zdd-action',
    ruleName: () => 'zdd-d-1-1-x',
    onOpening: ({ name }) => rules.push(name),
  });
  const connection = await access.open('shop', true);
  expect(rules).toEqual(['zdd-d-1-1-x']);
  expect(await firewall.listFirewallRules(arm, server.id)).toContainEqual({
    name: 'zdd-d-1-1-x',
    startIpAddress: OUR_ADDRESS,
    endIpAddress: OUR_ADDRESS,
  });

  const second = await access.open('shop', true);
  expect(await seesOthers(second, (look) => look(connection))).toBe(true);
  const ours = (await sessions(connection)).filter(({ programName }) => programName === 'zdd-action');
  expect(ours).toMatchObject([{ hostName: 'runner', hostProcessId: 7 }]);
  expect(await state.permitted(connection, 'ALTER')).toBe(true);
  expect(await state.serverTime(connection)).toMatch(/^2026-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);

  expect(await takeLock(connection, 'zdd:d')).toBe(true);
  expect(await takeLock(second, 'zdd:d')).toBe(false);
  expect([await holdsLock(connection, 'zdd:d'), await holdsLock(second, 'zdd:d')]).toEqual([true, false]);

  expect(await state.refusesWrites(connection)).toBe(false);
  const refused: unknown = await state.setReadOnly(connection, 'shop').catch((error: unknown) => error);
  expect(state.isOccupied(refused)).toBe(true);
  await state.setReadOnly(connection, 'shop', 'ROLLBACK IMMEDIATE');
  expect([await state.isReadOnly(connection), await state.refusesWrites(connection)]).toEqual([true, true]);
  await state.setReadWrite(connection, 'shop');
  expect([await state.isReadOnly(connection), await state.refusesWrites(connection)]).toEqual([false, false]);

  await connection.close();
  await access.closeFirewall();
  expect((await firewall.listFirewallRules(arm, server.id)).map(({ name }) => name)).not.toContain('zdd-d-1-1-x');
  const target: SqlTarget = {
    host: server.hostName,
    database: 'shop',
    programName: 'zdd-action',
    login: { kind: 'token', token: 'x' },
  };
  await expect(sql.connect(target)).rejects.toMatchObject({ number: 40615 });
});

test('our own permissions and a storage account must be readable', async () => {
  const { arm, app, world, production } = await simulated();
  const grants = await permissionsAt(arm, production);
  expect(may(grants, 'Microsoft.Web/sites/slots/slotsswap/action')).toBe(true);
  expect(may(grants, 'Microsoft.Network/virtualNetworks/write')).toBe(false);

  const id = `/subscriptions/${app.subscriptionId}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/media`;
  expect(await isVersioningEnabled(arm, app.subscriptionId, 'media')).toBeNull();
  world.storageAccounts.media = { id, name: 'media', isVersioningEnabled: true };
  expect(await isVersioningEnabled(arm, app.subscriptionId, 'media')).toBe(true);
  expect(await isVersioningEnabled(arm, app.subscriptionId, id)).toBe(true);
});
