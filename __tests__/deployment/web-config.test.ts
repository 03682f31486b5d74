import { expect, test } from '@jest/globals';
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
