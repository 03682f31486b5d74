import { afterEach, expect, test } from '@jest/globals';
import { startReceiver } from '../../simulator/adapters/receiver-endpoint.ts';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import type { Manner } from '../../simulator/model/receiver.ts';
import { hooksOf } from '../../src/hooks/hooks.ts';
import type { Ports } from '../../src/ports.ts';
import { realClock } from '../../src/system/clock.ts';
import { send } from '../../src/system/http.ts';
import { settingsOf } from '../inputs/environment.ts';

/** Over real sockets, in real time: what the model cannot show. */
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function telling(manner: Manner, inputs: Readonly<Record<string, string>> = {}) {
  const to = await startReceiver(manner);
  stops.push(to.close);
  const own = { 'azure-environment': 'https://127.0.0.1:4443', hooks: `json ${to.url}`, ...inputs };
  const settings = settingsOf({ phase: 'clone', ...own });
  const warnings: string[] = [];
  const ports: Ports = {
    send,
    clock: realClock(1, 'own'),
    log: { ...silentLog, warning: (sentence) => void warnings.push(sentence) },
    run: () => Promise.reject(new Error('no command')),
    sql: { connect: () => Promise.reject(new Error('no database')) },
  };
  const hooks = hooksOf({ settings, ports, masked: (text) => text, signal: new AbortController().signal });
  return { to, hooks, warnings };
}

test('a message arrives as it was signed', async () => {
  const { to, hooks, warnings } = await telling('takes it');
  await hooks.before('clone');
  await hooks.ended();
  expect(JSON.parse(to.taken[0]?.body ?? '')).toMatchObject({
    version: 1,
    event: 'before',
    phase: 'clone',
    app: 'shop',
  });
  expect(warnings).toEqual([]);
});

test('one that hangs is given up in its time', async () => {
  const { hooks, warnings } = await telling('hangs', { 'hook-timeout': '1' });
  const begun = Date.now();
  await hooks.before('clone');
  expect(Date.now() - begun).toBeLessThan(900);
  await hooks.ended();
  expect(Date.now() - begun).toBeLessThan(5000);
  expect(warnings).toEqual([
    expect.stringMatching(
      /^Not everybody was told of before clone: hook 1 \(json\) did not answer: no answer within \d+ ms\. It is left out until the end of this run\.$/,
    ),
  ]);
});

test('where nobody could be told means stop, it is waited for', async () => {
  const { hooks } = await telling('redirects', { 'hook-policy': 'fail' });
  await expect(hooks.before('clone')).rejects.toThrow('answered 302, a redirect, which is not followed');
});

test('one that restarts is told in the end', async () => {
  const { to, hooks, warnings } = await telling('restarts');
  await hooks.before('clone');
  await hooks.ended();
  expect([to.asked(), to.taken.length, warnings]).toEqual([3, 1, []]);
});
