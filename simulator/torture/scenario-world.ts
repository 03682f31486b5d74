import { keepBlobs } from '../in-process/keep-blobs.ts';
import { keepInVault } from '../in-process/keep-in-vault.ts';
import { signsInByIdentity } from '../in-process/signs-in-by-identity.ts';
import { buildFiles } from '../model/app/build.ts';
import { createWorld } from '../model/create-world.ts';
import { addDatabase } from '../model/sql/create.ts';
import { setSchema } from '../model/sql/rows.ts';
import type { SqlServer } from '../model/sql/state.ts';
import { advanceWeb } from '../model/web/advance.ts';
import { addContent, contentOf } from '../model/web/content.ts';
import { addSlot } from '../model/web/create.ts';
import { addImage } from '../model/web/image.ts';
import { end, restart } from '../model/web/instances.ts';
import { PRODUCTION, slotOf } from '../model/web/lookup.ts';
import { addNeighbour } from '../model/web/neighbour.ts';
import type { Site } from '../model/web/state.ts';
import type { World } from '../model/world.ts';
import { EDITORS, filesOf, LIVE, NEW, packages, rows } from './builds.ts';
import { ASLEEP, EDITOR, IMAGE, production, SEARCH } from './facts.ts';
import type { Scenario } from './scenarios.ts';

/** A world with the scenario's app and databases, and beside them things of other people. */
export function worldOf(scenario: Scenario, now: number): World {
  const live = scenario.live ?? LIVE;
  const world = createWorld({
    ...scenario.world,
    now,
    build: live,
    files: filesOf(live),
    durations: { ...BRIEF, ...scenario.world.durations },
  });
  const [server] = Object.values(world.sql.servers);
  const [app] = Object.values(world.web.sites);
  if (server === undefined || app === undefined) throw new Error('A world has a server and an app.');
  if (scenario.runsImages) runImages(world, app, now);
  if (scenario.hasNeighbours) addNeighbours(world, now);
  if (scenario.hasStranger) addStranger(world, now);
  if (scenario.movesSeveral) {
    addNeighbour(world, { name: EDITOR, build: EDITORS }, now);
    addNeighbour(world, { name: SEARCH, build: { name: SEARCH, version: '5' } }, now);
  }
  if (scenario.readsVault) keepInVault(world, 'DefaultConnection', now);
  if (scenario.hasBlobs) keepBlobs(world, now);
  world.stores = structuredClone(rows);
  if (scenario.hasNoStrings) takeStrings(world, app, now);
  if (scenario.signsInByIdentity) signsInByIdentity(world, app, server, now, scenario.inputs['slot-users'] === 'true');
  const { occupant } = production(world);
  occupant.config = { ...occupant.config, ...scenario.config };
  if (scenario.beside) {
    const { files, manifest } = contentOf(world, occupant.contentId);
    occupant.contentId = addContent(world, { ...files, [scenario.beside]: new Uint8Array([35]) }, [...manifest], now);
  }
  for (const each of Object.values(world.sql.servers)) addThingsOfOthers(world, each, now);
  if (scenario.world.sku?.tier !== 'Basic') addSlot(world, app, 'foreign', now);
  if (scenario.hasTeamSlot) holdBack(app);
  if (scenario.isReplicated) replicate(server);
  return world;
}

function addThingsOfOthers(world: World, server: SqlServer, now: number): void {
  for (const database of Object.values(server.databases)) setSchema(world, database.contentId, '1', now);
  addDatabase(world, server, { name: 'foreign' }, now);
  addDatabase(world, server, { name: 'foreign-zdd-20260815-zzzzz', tags: FOREIGN_DEPLOYMENT, isReadOnly: true }, now);
  server.firewallRules.office = {
    name: 'office',
    startIpAddress: '192.0.2.1',
    endIpAddress: '192.0.2.9',
    effectiveAt: 0,
  };
}

function replicate(server: SqlServer): void {
  const partner = { partnerServer: 'far', partnerDatabase: 'shop', partnerLocation: 'North Europe' };
  server.databases.shop?.replicationLinks.push({ name: 'link', ...partner });
}

function holdBack(app: Site): void {
  const { foreign } = app.slots;
  if (foreign === undefined) throw new Error('The world has a slot of the team.');
  foreign.fixedConfig = { autoSwapSlotName: 'production' };
  foreign.occupant.connectionStrings = {
    DefaultConnection: { value: 'Server=sql.database.windows.net;Database=foreign;User ID=f', type: 'SQLAzure' },
  };
  app.slotConfigNames.connectionStringNames = ['DefaultConnection'];
}

/** Whoever waits looks again and again: a copy that takes longer brings more requests, and no others. */
const BRIEF = { copy: 45_000, restore: 75_000 };

/** An administration, a Function app whose timer writes, and one that does not run. */
function addNeighbours(world: World, now: number): void {
  addNeighbour(world, { name: 'admin', build: { name: 'admin', version: '7', writesOnStart: true } }, now);
  const works = { everyMs: 20_000, on: 'database' } as const;
  addNeighbour(world, { name: 'stock', kind: 'functionapp', build: { name: 'stock', version: '8', works } }, now);
  const asleep = addNeighbour(world, { name: ASLEEP, build: { name: ASLEEP, version: '9' } }, now);
  end(world, asleep, now);
  asleep.state = 'Stopped';
}

function addStranger(world: World, now: number): void {
  const strings = slotOf(world, 'web', PRODUCTION).occupant.connectionStrings;
  const brings = { from: 'store', strings: { Shop: Object.values(strings)[0]?.value ?? '' } } as const;
  addNeighbour(
    world,
    { name: 'imports', namesDatabases: false, build: { name: 'imports', version: '3', brings } },
    now,
  );
}

function takeStrings(world: World, app: Site, now: number): void {
  const production = slotOf(world, app.name, PRODUCTION);
  production.occupant.connectionStrings = {};
  restart(world, production, now);
  advanceWeb(world, now + world.durations.appStart);
}

function runImages(world: World, app: Site, now: number): void {
  const production = slotOf(world, app.name, PRODUCTION);
  for (const [tag, build] of [
    ['1', LIVE],
    ['2', NEW],
    ['fixed', packages['/packages/fixed.zip']],
    ['unhealthy', packages['/packages/unhealthy.zip']],
    ['dead', packages['/packages/dead.zip']],
  ] as const) {
    addImage(world, { reference: `DOCKER|${IMAGE}:${tag}`, files: buildFiles(build) }, now);
  }
  production.occupant.contentId = addContent(world, {}, [], now);
  production.occupant.config = { linuxFxVersion: `DOCKER|${IMAGE}:1` };
  restart(world, production, now);
  advanceWeb(world, now + world.durations.appStart);
}

/** Another app's open deployment on the same server. */
const FOREIGN_DEPLOYMENT = {
  'zdd-deployment': '20260815-zzzzz',
  'zdd-app': 'rg/another',
  'zdd-run': 'org/another/9/1',
  'zdd-actor': 'bob',
  'zdd-lock': 'held',
  'zdd-mode': 'read-only',
  'zdd-databases': 'foreign',
};
