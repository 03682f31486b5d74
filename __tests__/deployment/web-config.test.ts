import { expect, test } from '@jest/globals';
import { createWorld, EPOCH } from '../../simulator/model/create-world.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { findSite } from '../../simulator/model/web/lookup.ts';
import { recordedWebConfig } from '../../simulator/model/web/recorded/web-config.ts';
import { settleConfig, staysWithSlot } from '../../simulator/model/web/travelling.ts';
import { asBefore, differing, likeProduction, surelyTravelling } from '../../src/deployment/web-config.ts';

test('a slot of ours gets what may come to production by a swap, and nothing that stays or is written elsewhere', () => {
  const travels = {
    healthCheckPath: '/health',
    linuxFxVersion: 'NODE|22',
    appCommandLine: 'start',
    http20Enabled: true,
  };
  const stays = { alwaysOn: true, ipSecurityRestrictions: [{ name: 'office' }], autoSwapSlotName: 'production' };
  const elsewhere = { appSettings: [], connectionStrings: [], machineKey: {}, metadata: [], siteAuthEnabled: true };
  expect(likeProduction({ ...travels, ...stays, ...elsewhere })).toEqual(travels);
});

test('what a swap carries for certain is a part of that', () => {
  const config = { healthCheckPath: '/health', use32BitWorkerProcess: true, appCommandLine: 'start', alwaysOn: true };
  expect(surelyTravelling(config)).toEqual({ healthCheckPath: '/health', use32BitWorkerProcess: true });
  expect(likeProduction(surelyTravelling(config))).toEqual(surelyTravelling(config));
});

test('what runs in a slot goes with its build, on Linux and on Windows', () => {
  const stacks = {
    ...{ linuxFxVersion: 'DOCKER|a', windowsFxVersion: 'DOCKER|b', netFrameworkVersion: 'v8.0', nodeVersion: '~22' },
    ...{ phpVersion: '8', pythonVersion: '3', javaVersion: '21', javaContainer: 'TOMCAT', javaContainerVersion: '10' },
  };
  expect(surelyTravelling(stacks)).toEqual(stacks);
});

test('of what production has, only what starts an image outlasts the live build', () => {
  const live = { linuxFxVersion: 'DOCKER|a', acrUseManagedIdentityCreds: false };
  const production = { linuxFxVersion: 'DOCKER|b', acrUseManagedIdentityCreds: true, healthCheckPath: '/x' };
  expect(asBefore(live, production)).toEqual({ linuxFxVersion: 'DOCKER|a', acrUseManagedIdentityCreds: true });
});

test('what is not set is the same however Azure shows it', () => {
  const wanted = { a: null, b: false, c: 0, d: '', e: [], f: {}, g: 'x', h: [1] };
  expect(differing(wanted, { a: '', b: null, c: undefined, d: [], e: 0, f: null, g: 'x', h: [1] })).toEqual({});
  expect(differing(wanted, { g: 'y', h: [2] })).toEqual({ g: 'x', h: [1] });
  expect(differing({ a: null }, { a: 'set' })).toEqual({ a: null });
});

const NAMES = Object.keys(recordedWebConfig);
const all = (value: string) => Object.fromEntries(NAMES.map((name) => [name, value]));

/** What the simulator's swap takes along where only that goes that Azure's page promises. */
function carried(): readonly string[] {
  const world = createWorld({ databases: ['shop'], sqlPassword: 'Of-The-Server-1' });
  const site = findSite(world, 'rg', 'web');
  if (site === undefined) throw new Error('The world has an app.');
  const [one, other] = [addSlot(world, site, 'one', EPOCH), addSlot(world, site, 'other', EPOCH)];
  Object.assign(one.occupant.config, all('of one'));
  Object.assign(other.occupant.config, all('of the other'));
  world.variants['open-settings-stay'] = true;
  settleConfig(world, one, other);
  return NAMES.filter((name) => one.occupant.config[name] === 'of one');
}

test('of all that Azure has shown, a swap carries for certain what the simulator carries, and slots of ours are given it', () => {
  const names = carried();
  expect(Object.keys(surelyTravelling(all('x'))).sort()).toEqual([...names].sort());
  expect(Object.keys(likeProduction(all('x')))).toEqual(expect.arrayContaining([...names]));
});

test('of what stays with its slot in the simulator, ours are given nothing but what a build needs to start', () => {
  const given = Object.keys(likeProduction(all('x'))).filter(staysWithSlot);
  for (const name of given) expect(Object.keys(asBefore({}, { [name]: 'x' })).concat('ftpsState')).toContain(name);
});

/** Of these nobody says whether a swap carries them, or they start a build. Whoever adds one says that it may be written to a slot. */
const OPEN = [
  ...['acrUseManagedIdentityCreds', 'acrUserManagedIdentityID', 'antivirusScanEnabled', 'apiDefinition'],
  ...['apiManagementConfig', 'appCommandLine', 'autoHealEnabled', 'autoHealRules', 'clusteringEnabled'],
  ...['defaultDocuments', 'documentRoot', 'fileChangeAuditEnabled', 'ftpsState', 'http20Enabled', 'http20ProxyFlag'],
  ...['limits', 'loadBalancing', 'localMySqlEnabled', 'managedPipelineMode', 'push', 'remoteDebuggingEnabled'],
  ...['remoteDebuggingVersion', 'sitePort', 'websiteTimeZone'],
];

test('of all that Azure has shown nothing is written to slots of ours but what travels, and what may', () => {
  const given = Object.keys(likeProduction(all('x')));
  const certain = Object.keys(surelyTravelling(all('x')));
  expect(given.filter((name) => !certain.includes(name)).sort()).toEqual(OPEN.toSorted());
});
