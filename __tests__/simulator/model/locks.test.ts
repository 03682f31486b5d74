import { expect, test } from '@jest/globals';
import { bodyOf, callerOn, SITE, STAGING } from './web/caller.ts';

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg';
const LOCKS = 'providers/Microsoft.Authorization/locks?api-version=2020-05-01';

function locked(level: 'CanNotDelete' | 'ReadOnly') {
  const caller = callerOn();
  for (const principal of Object.values(caller.world.principals)) {
    principal.roles.push({ scope: GROUP, actions: ['Microsoft.Authorization/locks/read'], notActions: [] });
  }
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  caller.world.locks = [{ name: 'keep', level, scope: GROUP }];
  return caller;
}

test('CanNotDelete refuses deletions below it and nothing else', () => {
  const caller = locked('CanNotDelete');
  const refused = caller.send('DELETE', STAGING);
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('ScopeLocked')]);
  expect(refused.text).toContain(`following scope(s) are locked: '${GROUP}'`);
  expect(caller.send('POST', `${STAGING}/stop`).status).toBe(200);
});

test('ReadOnly refuses every change', () => {
  const caller = locked('ReadOnly');
  expect(caller.send('POST', `${STAGING}/stop`).status).toBe(409);
  expect(caller.send('GET', STAGING).status).toBe(200);
});

test('who may read locks sees those above, at and below a scope', () => {
  const caller = locked('CanNotDelete');
  expect(bodyOf(caller.send('GET', `${SITE}/${LOCKS}`)).value).toMatchObject([{ name: 'keep' }]);
  const [nobody] = Object.values(caller.world.principals);
  if (nobody) nobody.roles = [];
  expect(caller.send('GET', `${SITE}/${LOCKS}`).status).toBe(403);
});
