import { expect, test } from '@jest/globals';
import { servingOf } from '../../../../simulator/model/observers.ts';
import { bodyOf, callerOn, messageOf, SITE, STAGING, settings } from './caller.ts';

const NEW = { location: 'West Europe', properties: {} };

test('a new slot takes 20 s, runs at once, is empty and inherits nothing', () => {
  const caller = callerOn({ appSettings: { secret: 'of production' } });
  const began = caller.now();
  const created = caller.send('PUT', STAGING, NEW);
  expect([created.status, caller.now() - began]).toEqual([200, 20_000]);
  expect(bodyOf(created).properties.state).toBe('Running');
  expect(settings(caller, STAGING)).not.toHaveProperty('secret');
  expect(caller.send('GET', 'https://web-staging.azurewebsites.net/').text).not.toContain('1.0.0');
});

test('PUT onto an existing slot silently updates it, and drops the tags it does not name', () => {
  const caller = callerOn();
  caller.send('PUT', STAGING, { ...NEW, tags: { owner: 'us' } });
  caller.send('PUT', `${STAGING}/config/appsettings`, { properties: { mine: '1' } });
  const again = caller.send('PUT', STAGING, NEW);
  expect(again.status).toBe(200);
  expect(bodyOf(again).tags).toBeUndefined();
  expect(settings(caller, STAGING)).toEqual({ mine: '1' });
});

test('the plan limits the number of slots', () => {
  const caller = callerOn();
  for (let i = 1; i <= 5; i++) expect(caller.send('PUT', `${SITE}/slots/s${i}`, NEW).status).toBe(200);
  const refused = caller.send('PUT', `${SITE}/slots/s6`, NEW);
  expect([refused.status, messageOf(refused)]).toEqual([
    409,
    "Cannot complete the operation because the site will exceed the number of slots allowed for the 'Standard' SKU.",
  ]);
  expect(JSON.parse(caller.send('GET', `${SITE}/slots`).text).value).toHaveLength(5);
});

test('writing settings replaces all of them and restarts the slot, changed or not', () => {
  const caller = callerOn({ appSettings: { keep: '1' } });
  const first = servingOf(caller.world, 'web').instanceId;
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { other: 2, flag: true } });
  expect(settings(caller, SITE)).toEqual({ other: '2', flag: 'true' });
  const second = servingOf(caller.world, 'web').instanceId;
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { other: '2', flag: 'true' } });
  const third = servingOf(caller.world, 'web').instanceId;
  expect(new Set([first, second, third]).size).toBe(3);
});

test('tags restart nothing', () => {
  const caller = callerOn();
  const before = servingOf(caller.world, 'web').instanceId;
  caller.send('PATCH', SITE, { tags: { a: '1' } });
  const tags = `${SITE}/providers/Microsoft.Resources/tags/default`;
  caller.send('PATCH', tags, { operation: 'Merge', properties: { tags: { b: '2' } } });
  caller.send('PATCH', tags, { operation: 'Delete', properties: { tags: { A: '1' } } });
  expect(bodyOf(caller.send('GET', SITE)).tags).toEqual({ b: '2' });
  expect(servingOf(caller.world, 'web').instanceId).toBe(before);
});

test('stop ends the app and nothing else; start brings a new instance', () => {
  const caller = callerOn();
  const before = servingOf(caller.world, 'web').instanceId;
  caller.send('POST', `${SITE}/stop`);
  expect(bodyOf(caller.send('GET', SITE)).properties.state).toBe('Stopped');
  expect(caller.send('GET', 'https://web.azurewebsites.net/')).toMatchObject({
    status: 403,
    text: expect.stringContaining('This web app is stopped'),
  });
  expect(caller.send('GET', 'https://web.scm.azurewebsites.net/api/deployments').status).toBe(200);
  caller.send('POST', `${SITE}/start`);
  caller.wait(30_000);
  expect(caller.send('GET', 'https://web.azurewebsites.net/').status).toBe(200);
  expect(servingOf(caller.world, 'web').instanceId).not.toBe(before);
});

test('names of settings that differ only by case are refused', () => {
  const refused = callerOn().send('PUT', `${SITE}/config/appsettings`, { properties: { a: '1', A: '2' } });
  expect([refused.status, messageOf(refused)]).toEqual([409, 'Parameter with name A already exists.']);
});

test('a deleted slot is gone', () => {
  const caller = callerOn();
  caller.send('PUT', STAGING, NEW);
  expect(caller.send('DELETE', STAGING).status).toBe(200);
  const gone = caller.send('GET', STAGING);
  expect([gone.status, messageOf(gone)]).toEqual([
    404,
    "The Resource 'Microsoft.Web/sites/web/slots/staging' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
  ]);
});

test.each([
  ['a property of a site', 'PUT', STAGING, { location: 'x', properties: { typo: true } }],
  ['a property of config/web', 'PATCH', `${SITE}/config/web`, { properties: { typo: true } }],
  ['a kind of configuration', 'GET', `${SITE}/config/backup`, undefined],
])('%s that the model does not know fails loudly', (_, method, target, body) => {
  expect(() => callerOn().send(method, target, body)).toThrow('The simulator does not model');
});

test('scmSiteAlsoStopped is ignored by a slot’s PUT and taken by PATCH; then SCM stops with the slot', () => {
  const caller = callerOn();
  const wish = { properties: { scmSiteAlsoStopped: true } };
  expect(bodyOf(caller.send('PUT', STAGING, { ...NEW, ...wish })).properties.scmSiteAlsoStopped).toBe(false);
  expect(bodyOf(caller.send('PATCH', STAGING, wish)).properties.scmSiteAlsoStopped).toBe(true);
  caller.send('POST', `${STAGING}/stop`);
  expect(caller.send('GET', 'https://web-staging.scm.azurewebsites.net/api/deployments').status).toBe(403);
});
