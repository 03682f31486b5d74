import { expect, test } from '@jest/globals';
import { may, permissionsAt } from '../../src/azure/permissions.ts';
import { answer, answersInTurn, bench } from './support.ts';

const swap = 'Microsoft.Web/sites/slots/slotsswap/Action';

test.each([
  [[{ actions: ['*'], notActions: [] }], true],
  [[{ actions: ['Microsoft.Web/sites/*'], notActions: [] }], true],
  [[{ actions: ['microsoft.web/SITES/slots/slotsswap/action'], notActions: [] }], true],
  [[{ actions: ['*/read'], notActions: [] }], false],
  [[{ actions: ['Microsoft.Web/sites'], notActions: [] }], false],
  [[{ actions: ['*'], notActions: ['Microsoft.Web/sites/slots/slotsswap/*'] }], false],
  [
    [
      { actions: ['*'], notActions: ['Microsoft.Web/*'] },
      { actions: [swap], notActions: [] },
    ],
    true,
  ],
  [[{ actions: ['MicrosoftXWeb/sites/slots/slotsswap/action'.replace('X', '.')], notActions: [] }], true],
  [[{ actions: ['MicrosoftxWeb/sites/slots/slotsswap/action'], notActions: [] }], false],
  [[], false],
])('grants must be read as Azure reads them: %j', (grants, expected) => {
  expect(may(grants, swap)).toBe(expected);
});

test('all pages of the grants must be read', async () => {
  const nextLink = 'https://management.azure.com/next?api-version=2022-04-01';
  const { arm } = await bench(
    answersInTurn(
      answer(200, { value: [{ actions: ['a'] }], nextLink }),
      answer(200, { value: [{ actions: ['b'], notActions: ['c'] }] }),
    ),
  );
  expect(await permissionsAt(arm, '/subscriptions/s/resourceGroups/rg')).toEqual([
    { actions: ['a'], notActions: [] },
    { actions: ['b'], notActions: ['c'] },
  ]);
});
