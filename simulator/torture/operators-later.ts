import { addDatabase } from '../model/sql/create.ts';
import type { Database } from '../model/sql/state.ts';
import { viewOf, WWWROOT } from '../model/web/content.ts';
import { addImage, containerOf } from '../model/web/image.ts';
import { restart, runBy } from '../model/web/instances.ts';
import { PRODUCTION } from '../model/web/lookup.ts';
import { changeFiles } from '../model/web/scm/files.ts';
import type { Slot } from '../model/web/state.ts';
import type { World } from '../model/world.ts';
import { contentBuild, databaseNamed, databases, EDITOR, IMAGE, production, recorded, site, slots } from './facts.ts';
import { openForeignSession } from './foreign-session.ts';
import { HARMFUL, HARMLESS, type Operator } from './operator.ts';

/** What comes to production, or around it, after the phase that looked: a release or a setting is not in the copy. */
export const laterOperators: readonly Operator[] = [
  {
    name: 'releases-to-production',
    what: 'brings another build of the app to production after the copy was made',
    allows: HARMFUL,
    forbids: /^switch$/,
    isRare: true,
    apply(world, now) {
      if (!isCopied(world)) return false;
      release(world, production(world), now);
      restart(world, production(world), now);
      return true;
    },
  },
  {
    name: 'sets-on-production',
    what: 'sets an app setting of production after the copy was made',
    allows: HARMFUL,
    forbids: /^switch$/,
    isRare: true,
    apply(world, now) {
      if (!isCopied(world)) return false;
      const { occupant } = production(world);
      occupant.settings = { ...occupant.settings, NEW_FEATURE: 'on' };
      restart(world, production(world), now);
      return true;
    },
  },
  {
    name: 'rewrites-settings',
    what: 'brings back by a template the settings that production had before',
    allows: HARMFUL,
    forbids: /^(deploy|validate|complete|rollback)/,
    mendedBy: 'switch',
    apply(world, now) {
      const copy = production(world);
      const live = site(world).slots['zdd-readonly'];
      if (!live || !/\/read-only\//.test(copy.occupant.settings.ZDD_INSTANCE ?? '')) return false;
      const before = Object.entries(live.occupant.settings).filter(([name]) => !name.startsWith('ZDD_'));
      copy.occupant.settings = Object.fromEntries(before);
      copy.occupant.connectionStrings = structuredClone(live.occupant.connectionStrings);
      restart(world, copy, now);
      return true;
    },
  },
  {
    name: 'forgets-marker',
    what: 'writes by a template the settings of production without what the template does not know',
    allows: HARMFUL,
    forbids: /^(complete|rollback)/,
    isRare: true,
    apply(world, now) {
      const { occupant } = production(world);
      const isCandidate = /\/(new|live)\/[1-9]/.test(occupant.settings.ZDD_INSTANCE ?? '');
      if (!isCandidate || recorded(world, 'zdd-visitors-on-original-since') === undefined) return false;
      const known = Object.entries(occupant.settings).filter(([name]) => !name.startsWith('ZDD_'));
      occupant.settings = Object.fromEntries(known);
      restart(world, production(world), now);
      return true;
    },
  },
  {
    name: 'rewrites-other-settings',
    what: 'brings back by a template the settings that another app had before, which moves along',
    allows: HARMFUL,
    forbids: /^(deploy|validate|complete|rollback)/,
    isRare: true,
    mendedBy: 'switch',
    apply(world, now) {
      const { [PRODUCTION]: copy, 'zdd-readonly': live } = world.web.sites[EDITOR]?.slots ?? {};
      const isOn = (slot: Slot) => /\/read-only\//.test(slot.occupant.settings.ZDD_INSTANCE ?? '');
      // Only once all are there: until then its copy may just be on its way.
      if (!live || !copy || !isOn(copy) || !isOn(production(world))) return false;
      const before = Object.entries(live.occupant.settings).filter(([name]) => !name.startsWith('ZDD_'));
      copy.occupant.settings = Object.fromEntries(before);
      copy.occupant.connectionStrings = structuredClone(live.occupant.connectionStrings);
      restart(world, copy, now);
      return true;
    },
  },
  {
    name: 'locks-group',
    what: 'puts a lock against deletions on the resource group',
    // Where nothing is deleted it is in nobody's way.
    allows: ['operators', 'different', 'rules'],
    forbids: /^(preflight|clone|cleanup)$/,
    apply(world) {
      const scope = `/subscriptions/${world.subscriptionId}/resourceGroups/${site(world).resourceGroup}`;
      world.locks = [{ name: 'keep', level: 'CanNotDelete', scope }];
      return true;
    },
  },
  {
    name: 'fills-server',
    what: 'brings the server to its limit, so that no database can be restored on it',
    allows: HARMLESS,
    forbids: /^rollback:(database|lossy)$/,
    apply(world) {
      if (recorded(world, 'zdd-deploy-begun') === undefined || prepared(world)) return false;
      world.variants = { ...world.variants, 'restores-refused': true };
      return true;
    },
  },
  {
    name: 'breaks-backups',
    what: 'does what makes every restore of the original fail after Azure has accepted it',
    allows: HARMLESS,
    forbids: /^rollback:(database|lossy)$/,
    apply(world) {
      if (recorded(world, 'zdd-deploy-begun') === undefined || prepared(world)) return false;
      world.variants = { ...world.variants, 'restores-fail': true };
      return true;
    },
  },
  {
    name: 'replicates-original',
    what: 'adds a replica of the original database on another server',
    allows: HARMLESS,
    // `switch` in an open window only stops the live build; `deploy`, which comes next, refuses.
    forbids: /^(preflight|clone|deploy|rollback:(database|lossy))$/,
    apply(world) {
      const original = databaseNamed(world, 'shop');
      // One that is replicated already is deployed with no-database-rollback: another replica changes nothing.
      if (!original || original.replicationLinks.length > 0) return false;
      const partner = { partnerServer: 'sql-dr', partnerDatabase: 'shop', partnerLocation: 'North Europe' };
      original.replicationLinks.push({ name: 'link', ...partner });
      return true;
    },
  },
  {
    name: 'takes-prepared-name',
    what: 'makes a database of the name that a restore ahead of a rollback would get',
    allows: HARMLESS,
    isRare: true,
    apply(world, now) {
      if (recorded(world, 'zdd-read-only-ready') === undefined || recorded(world, 'zdd-rollback-point')) return false;
      const [server] = Object.values(world.sql.servers);
      const clone = databases(world).find(({ name }) => /^shop-zdd-\d{8}-\w{5}$/.test(name));
      if (!server || !clone || prepared(world)) return false;
      addDatabase(world, server, { name: `${clone.name}-prepared`, tags: { owner: 'bob' } }, now);
      return true;
    },
  },
  {
    name: 'deletes-prepared',
    what: 'deletes what was restored ahead of a rollback',
    allows: HARMLESS,
    apply(world) {
      const [server] = Object.values(world.sql.servers);
      const found = prepared(world);
      if (!server || !found) return false;
      delete server.databases[found.name.toLowerCase()];
      return true;
    },
  },
  {
    name: 'looks-beside-silent-app',
    what: 'opens a query window on the original database of an app that holds no connection, before visitors come to it',
    allows: HARMLESS,
    isRare: true,
    apply(world, now) {
      const isSilent = contentBuild(world, production(world))?.sessions !== undefined;
      if (!isSilent || recorded(world, 'zdd-verdict') === undefined) return false;
      const bob = { from: '192.0.2.2', hostName: 'LAPTOP-BOB', programName: 'Azure Data Studio', hostProcessId: 99 };
      return openForeignSession(world, bob, now) !== undefined;
    },
  },
  {
    name: 'leaves-late-file',
    what: "brings a visitor's file into the slot of the stopped live build, after it was last carried over",
    allows: HARMLESS,
    isRare: true,
    apply(world, now, { uploads }) {
      const slot = site(world).slots['zdd-readonly'];
      const folder = slot && contentBuild(world, slot)?.keepsUploadsIn;
      if (!slot || !folder || slot.occupant.instance || !Object.hasOwn(slot.tags, 'zdd-slot')) return false;
      changeFiles(world, slot, { [`${WWWROOT}${folder}/late.jpg`]: new Uint8Array([1]) }, now);
      uploads.push(`${folder}/late.jpg`);
      return true;
    },
  },
];

/** Visitors are on the live build, and its read-only copy waits for them. */
/** What was begun to be restored ahead of a rollback. */
function prepared(world: World): Database | undefined {
  return databases(world).find(({ name, tags }) => name.endsWith('-prepared') && tags.owner !== 'bob');
}

function isCopied(world: World): boolean {
  const isCopy = (settings: Readonly<Record<string, string>>) => /\/read-only\//.test(settings.ZDD_INSTANCE ?? '');
  if (isCopy(production(world).occupant.settings)) return false;
  return slots(world).some(({ occupant }) => isCopy(occupant.settings));
}

/** The build that runs, with a file more: what it is to visitors and databases it stays. Where an image runs nobody looks into wwwroot. */
function release(world: World, slot: Slot, now: number): void {
  const more = new TextEncoder().encode('// fixed');
  if (containerOf(slot) === undefined) {
    changeFiles(world, slot, { [`${WWWROOT}hotfix.js`]: more }, now);
    return;
  }
  const reference = `DOCKER|${IMAGE}:hotfix`;
  addImage(world, { reference, files: { ...viewOf(world, runBy(world, slot, now)), 'hotfix.js': more } }, now);
  slot.occupant.config = { ...slot.occupant.config, linuxFxVersion: reference };
}
