import { expect, test } from '@jest/globals';
import { modelPorts } from '../simulator/in-process/model-ports.ts';
import { armInProcess } from '../simulator/in-process/run-in-process.ts';
import { silentLog } from '../simulator/in-process/silent-log.ts';
import { virtualClock } from '../simulator/in-process/virtual-clock.ts';
import { createWorld, EPOCH } from '../simulator/model/create-world.ts';
import type { Ports } from '../src/ports.ts';
import { closeRules, rulesIn } from '../src/post.ts';

const serverId = '/subscriptions/1-2/resourceGroups/rg/providers/Microsoft.Sql/servers/shop';
const ours = { serverId, name: 'zdd-20260131-k7m2x-7001-1-0a1b2c3d' };

test('the post step closes the rules of our name and no other, whoever wrote its state', () => {
  const forged = [
    { serverId, name: 'AllowOffice' },
    { serverId, name: 'zdd-1/../AllowOffice' },
    { serverId: `${serverId}/databases/x`, name: ours.name },
    // One fault each, so that none hides behind another.
    ...['..', '.', 'a?b', 'a#b', 'a%2fb', 'a\\b', 'a b', ''].flatMap((part) =>
      [serverId.replace('/rg/', `/${part}/`), serverId.replace(/shop$/, part)].map((id) => ({
        serverId: id,
        name: ours.name,
      })),
    ),
    { name: ours.name },
    { serverId },
    // What only looks like texts when it is matched.
    { serverId: [serverId], name: ours.name },
    { serverId, name: [ours.name] },
    { serverId: 7, name: ours.name },
    null,
    'zdd-1',
  ];
  expect(rulesIn(JSON.stringify([...forged, ours]))).toEqual([ours]);
  for (const state of ['', '{', '{"a":1}', 'null', '7']) expect(rulesIn(state)).toEqual([]);
});

test('the post step closes every rule that it can, and names the one that is left open', async () => {
  const { world, arm, log, said, sent } = await azure(/broken/);
  const [server] = Object.values(world.sql.servers);
  const names = ['zdd-one', 'zdd-broken', 'zdd-two'];
  for (const name of ['AllowOffice', ...names])
    if (server) server.firewallRules[name] = { name, startIpAddress: ADDRESS, endIpAddress: ADDRESS, effectiveAt: 0 };
  const id = `/subscriptions/${world.subscriptionId}/resourceGroups/rg/providers/Microsoft.Sql/servers/${server?.name}`;
  await closeRules(
    arm,
    log,
    [...names, 'zdd-gone'].map((name) => ({ serverId: id, name })),
  );
  expect(Object.keys(server?.firewallRules ?? {})).toEqual(['allowallwindowsazureips', 'AllowOffice', 'zdd-broken']);
  expect(sent.filter((request) => request.startsWith('DELETE'))).toHaveLength(4);
  expect(said.toSorted()).toEqual([
    'info: Firewall rule zdd-gone is closed.',
    'info: Firewall rule zdd-one is closed.',
    'info: Firewall rule zdd-two is closed.',
    expect.stringMatching(/^warning: Firewall rule zdd-broken could not be closed; delete it by hand: ./),
  ]);
});

const ADDRESS = '203.0.113.7';

/** The model's Azure, which refuses what matches. */
async function azure(refused: RegExp) {
  const world = createWorld({ databases: ['shop'] });
  const clock = virtualClock(EPOCH);
  const said: string[] = [];
  const sent: string[] = [];
  const log = {
    ...silentLog,
    info: (text: string) => void said.push(`info: ${text}`),
    warning: (text: string) => void said.push(`warning: ${text}`),
  };
  const [clientId = ''] = Object.keys(world.principals);
  const model = modelPorts({ world, clock, clientId, log: silentLog, run: async () => ({ exitCode: 0 }) });
  const ports: Ports = {
    ...model,
    async send(request, signal) {
      sent.push(`${request.method} ${request.url}`);
      if (!refused.test(request.url)) return model.send(request, signal);
      const body = JSON.stringify({ error: { code: 'ScopeLocked', message: 'The server is locked.' } });
      return { status: 409, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(body) };
    },
  };
  return { world, arm: await armInProcess(ports, clientId, new AbortController().signal), log, said, sent };
}
