import { expect, test } from '@jest/globals';
import { rulesIn } from '../src/post.ts';

const serverId = '/subscriptions/1-2/resourceGroups/rg/providers/Microsoft.Sql/servers/shop';
const ours = { serverId, name: 'zdd-20260131-k7m2x-7001-1-0a1b2c3d' };

test('the post step closes the rules of our name and no other, whoever wrote its state', () => {
  const forged = [
    { serverId, name: 'AllowOffice' },
    { serverId, name: 'zdd-1/../AllowOffice' },
    { serverId: `${serverId}/databases/x`, name: ours.name },
    { serverId: '/subscriptions/1/resourceGroups/../providers/Microsoft.Sql/servers/a?b', name: ours.name },
    { name: ours.name },
    null,
    'zdd-1',
  ];
  expect(rulesIn(JSON.stringify([...forged, ours]))).toEqual([ours]);
  for (const state of ['', '{', '{"a":1}', 'null', '7']) expect(rulesIn(state)).toEqual([]);
});
