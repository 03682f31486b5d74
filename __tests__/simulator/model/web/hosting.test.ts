import { expect, test } from '@jest/globals';
import {
  filesOf,
  reportInstance,
  routeOf,
  wantedProcesses,
  wantedWarmUps,
} from '../../../../simulator/model/web/hosting.ts';
import { type Caller, callerOn, SITE, STAGING } from './caller.ts';

/** An app and a staging slot whose processes an adapter would run; every wanted one listens. */
function withProcesses(options: Parameters<typeof callerOn>[0] = {}): Caller {
  const caller = callerOn({ processes: true, ...options });
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  comeUp(caller);
  return caller;
}

function comeUp(caller: Caller): void {
  for (const { instanceId } of wantedProcesses(caller.world, caller.now())) {
    reportInstance(caller.world, instanceId, { kind: 'listening' }, caller.now());
  }
}

const route = (caller: Caller, host = 'web.azurewebsites.net') => routeOf(caller.world, host, caller.now());

/** Begins a swap and brings it to the warm-up request. */
function toWarmUp(caller: Caller): string {
  const begun = caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  comeUp(caller);
  caller.wait(30_000);
  return begun.headers.location ?? '';
}

test('hosts lead to the app, to SCM, to the stopped page, or nowhere', () => {
  const caller = withProcesses();
  expect(route(caller)).toMatchObject({ kind: 'app', ready: true });
  expect(route(caller, 'WEB.scm.azurewebsites.net')).toEqual({ kind: 'scm', site: 'web', slot: 'production' });
  expect(route(caller, 'other.azurewebsites.net')).toBeUndefined();
  caller.send('POST', `${SITE}/stop`);
  expect(route(caller)).toEqual({ kind: 'stopped' });
});

test('a pool of hosts is given out two by two', () => {
  const hostPool = ['localhost:1', 'localhost:2', 'localhost:3', 'localhost:4'];
  const caller = withProcesses({ hostPool });
  expect(route(caller, 'localhost:3')).toMatchObject({ kind: 'app' });
  expect(route(caller, 'localhost:4')).toEqual({ kind: 'scm', site: 'web', slot: 'staging' });
  expect(() => caller.send('PUT', `${SITE}/slots/third`, { location: 'x', properties: {} })).toThrow('pool of hosts');
});

test('a swap waits for the new instance to listen, then for its warm-up, and moves the host in one instant', () => {
  const caller = withProcesses();
  const old = route(caller);
  const begun = caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  caller.wait(60_000);
  expect(wantedWarmUps(caller.world, caller.now())).toEqual([]);
  comeUp(caller);
  const [warmUp] = wantedWarmUps(caller.world, caller.now());
  expect(warmUp).toMatchObject({ path: '/' });
  caller.wait(60_000);
  expect(route(caller)).toEqual(old);
  reportInstance(caller.world, warmUp?.instanceId ?? '', { kind: 'warmed', status: 503 }, caller.now());
  expect(wantedWarmUps(caller.world, caller.now())).toEqual([]);
  caller.wait(30_000);
  expect(route(caller)).toMatchObject({ kind: 'app', instanceId: warmUp?.instanceId, ready: true });
  expect(caller.send('GET', begun.headers.location ?? '').status).toBe(200);
});

test('the warm-up request is the one that the settings ask for', () => {
  const caller = withProcesses();
  caller.send('PUT', `${STAGING}/config/appsettings`, {
    properties: { WEBSITE_SWAP_WARMUP_PING_PATH: '/health', WEBSITE_SWAP_WARMUP_PING_STATUSES: '200,202' },
  });
  toWarmUp(caller);
  expect(wantedWarmUps(caller.world, caller.now())).toMatchObject([{ path: '/health', statuses: [200, 202] }]);
});

test.each([
  ['its process ends', { kind: 'exited', code: 1 } as const, 'worker process'],
  ['it never answers the warm-up', undefined, 'warmup requests'],
])('a swap fails when %s', (_, report, words) => {
  const caller = withProcesses();
  const old = route(caller);
  const location = toWarmUp(caller);
  const [warmUp] = wantedWarmUps(caller.world, caller.now());
  if (report !== undefined) reportInstance(caller.world, warmUp?.instanceId ?? '', report, caller.now());
  else caller.wait(600_000);
  expect(caller.send('GET', location)).toMatchObject({ status: 400, text: expect.stringContaining(words) });
  expect(route(caller)).toEqual(old);
});

test('a process that ends by itself is started again after a while, as a new instance', () => {
  const caller = withProcesses();
  const [before] = wantedProcesses(caller.world, caller.now());
  reportInstance(caller.world, before?.instanceId ?? '', { kind: 'exited', code: 1 }, caller.now());
  expect(route(caller)).toEqual({ kind: 'unavailable' });
  caller.wait(10_000);
  expect(route(caller)).toMatchObject({ kind: 'app', ready: false });
  expect(route(caller)).not.toMatchObject({ instanceId: before?.instanceId });
});

test('processes get their files, their start command and what App Service tells them', () => {
  const caller = withProcesses({ files: { 'server.js': new Uint8Array([1]) } });
  caller.send('PATCH', `${SITE}/config/web`, { properties: { appCommandLine: 'node server.js' } });
  const [app] = wantedProcesses(caller.world, caller.now());
  expect(app).toMatchObject({ kind: 'app', slot: 'production', startCommand: 'node server.js' });
  expect(Object.keys(filesOf(caller.world, app?.contentId ?? ''))).toEqual(['server.js']);
  expect(app?.environment).toMatchObject({ WEBSITE_SLOT_NAME: 'Production', WEBSITE_INSTANCE_ID: app?.instanceId });
});

test.each([
  ['503-after-swap', 100, { kind: 'unavailable' }],
  ['slow-warm-up', 100, { kind: 'app', delayMs: expect.any(Number) }],
] as const)('variant %s shows at the front door after a swap', (variant, after, seen) => {
  const caller = withProcesses({ variants: { [variant]: true } });
  const old = route(caller);
  toWarmUp(caller);
  caller.wait(200_000);
  const [warmUp] = wantedWarmUps(caller.world, caller.now());
  reportInstance(caller.world, warmUp?.instanceId ?? '', { kind: 'warmed', status: 200 }, caller.now());
  caller.wait(caller.world.durations.swapSwitch + after);
  expect(route(caller)).not.toEqual(old);
  expect(route(caller)).toMatchObject(seen);
});

test('variant late-restart: production restarts once more some minutes after a swap', () => {
  const caller = callerOn({ variants: { 'late-restart': true } });
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  caller.wait(30_000);
  caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  caller.wait(100_000);
  const after = route(caller);
  expect(after).toMatchObject({ ready: true });
  caller.wait(200_000);
  expect(route(caller)).not.toEqual(after);
});

test('variant swap-does-nothing: success is reported, and nothing was swapped', () => {
  const caller = callerOn({ variants: { 'swap-does-nothing': true } });
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  caller.wait(30_000);
  const old = route(caller);
  const begun = caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  caller.wait(200_000);
  expect(caller.send('GET', begun.headers.location ?? '').status).toBe(200);
  expect(route(caller)).toEqual(old);
});
