import { expect, test } from '@jest/globals';
import {
  apartFrom,
  candidateOf,
  companionEntries,
  companionSettings,
  copyOf,
  focusOn,
  namedCompanions,
  recordedCompanions,
} from '../../src/deployment/companions.ts';
import type { Companion, Slot } from '../../src/deployment/observed.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { ID, otherApp, settings, slot } from '../phases/observed.ts';
import { look } from '../phases/picture.ts';
import { rows } from '../phases/rows.ts';

const { observed } = look(rows.deployed, phaseNamed.validate, settings({ phase: 'validate' }));

test.each([
  ['build', 'new', 'zdd-staging'],
  ['build', 'live', 'zdd-readonly'],
  ['read-only', 'new', 'zdd-readonly'],
  ['read-only', 'live', 'zdd-readonly'],
] as const)(
  'of an app that moves along as %s the candidate, when it is the %s build, is in %s',
  (does, role, where) => {
    const slots = { readonlySlot: slot('zdd-readonly'), stagingSlot: slot('zdd-staging') };
    const companion: Companion = { key: 'rg/admin', does, look: { ...observed, ...slots } };
    const record = observed.record && { ...observed.record, candidate: { role, attempt: 1, slot: 'zdd-staging' } };
    expect(candidateOf({ record }, companion)?.name).toBe(where);
  },
);

const INPUTS = {
  'other-apps':
    'admin = /release/admin.zip\nsearch = https://h/search.zip\napi = shop.azurecr.io/api:2\nweb = read-only\nworker = stop',
};
const asked = settings({ phase: 'deploy', 'health-path': '/health', ...INPUTS });

test('apps that move along are those that do not only stop, and the record gives back what it was given', () => {
  const named = namedCompanions(asked);
  expect(named).toEqual([
    { key: 'shop-rg/admin', does: 'build' },
    { key: 'shop-rg/search', does: 'build' },
    { key: 'shop-rg/api', does: 'build' },
    { key: 'shop-rg/web', does: 'read-only' },
  ]);
  const { record } = observed;
  if (record === null) throw new Error('The row has a record.');
  expect(recordedCompanions({ ...record, companions: companionEntries(asked) })).toEqual(named);
  expect(recordedCompanions(record)).toEqual([]);
});

test('a run for another app has the build of that app alone, and asks none of the pages of the first', () => {
  const given = settings({
    phase: 'deploy',
    'health-path': '/health\n[admin] /alive',
    'smoke-paths': '/a',
    'read-only-probes': 'POST /orders -> 503',
    'write-probes': 'POST /ping-write -> 200',
    'expected-version': '2',
    'current-package': '/release/old.zip',
    ...INPUTS,
  });
  const of = (name: string) => companionSettings(given, `shop-rg/${name}`);
  expect(of('admin')).toMatchObject({ resourceGroup: 'shop-rg', appName: 'admin', package: '/release/admin.zip' });
  expect(companionSettings(given, 'web-rg/portal')).toMatchObject({ resourceGroup: 'web-rg', appName: 'portal' });
  const builds = ['admin', 'search', 'api', 'web'].map((name) => {
    const { package: file, packageUrl, image } = of(name);
    return [file, packageUrl, image];
  });
  expect(builds).toEqual([
    ['/release/admin.zip', undefined, undefined],
    [undefined, 'https://h/search.zip', undefined],
    [undefined, undefined, 'shop.azurecr.io/api:2'],
    [undefined, undefined, undefined],
  ]);
  const nothing = { readOnlyProbes: [], writeProbes: [], expectedVersion: undefined, currentPackage: undefined };
  expect(given).not.toMatchObject({ expectedVersion: undefined });
  expect(of('admin')).toMatchObject({ ...nothing, mode: given.mode, ...given.ofApps['shop-rg/admin'] });
  // No line names it: what is said of all apps counts for it.
  expect(of('elsewhere')).toMatchObject({ ...nothing, ...given.ofOthers });
});

const marked = (name: string, role: string) => slot(name, { appSettings: { ZDD_INSTANCE: `${ID}/${role}/1` } });
function companion(key: string, production: Slot): Companion {
  const { app, newBuild, liveImage } = observed;
  const slots = { readonlySlot: marked('zdd-readonly', 'live'), stagingSlot: marked('zdd-staging', 'read-only') };
  return { key, does: 'build', look: { app: { ...app, name: key }, production, newBuild, liveImage, ...slots } };
}

test('what decides on one app decides on another in its place, with what this run knows of that one', () => {
  const admin = companion('rg/admin', marked('production', 'read-only'));
  const ran = { ...freshRun, begun: 3 };
  const look = {
    ...observed,
    companions: [admin],
    otherApps: [otherApp('rg/worker', 'Running')],
    teamSlots: [{ name: 'qa', id: 'qa', autoSwapWith: null }],
    thisRun: { ...freshRun, begun: 1, companions: { 'rg/admin': ran } },
  };
  const alone = { companions: [], otherApps: [], teamSlots: [] };
  expect(focusOn(look, admin)).toEqual({ ...look, ...admin.look, ...alone, thisRun: ran });
  expect(focusOn({ ...look, thisRun: freshRun }, admin).thisRun).toEqual(freshRun);
  expect(focusOn(look, companion('rg/other', admin.look.production)).thisRun).toEqual(freshRun);
});

test('apart are those whose visitors are elsewhere than those of the first app', () => {
  const [with_, away] = [companion('rg/a', marked('production', 'read-only')), companion('rg/b', slot('production'))];
  const look = { ...observed, companions: [with_, away] };
  expect(apartFrom(look).map(({ key }) => key)).toEqual(['rg/b']);
  expect(apartFrom({ ...look, record: null })).toEqual([]);
  expect(copyOf(look, away)?.name).toBe('zdd-staging');
  const none = { ...away, look: { ...away.look, stagingSlot: null } };
  expect(copyOf(look, none)).toBeNull();
});
