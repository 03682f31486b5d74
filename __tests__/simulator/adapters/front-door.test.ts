import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeCertificates } from '../../../simulator/adapters/certificates.ts';
import { frontDoor, type Route } from '../../../simulator/adapters/front-door.ts';
import { type Listener, listenHttps } from '../../../simulator/adapters/listeners.ts';
import { keepProcesses, type Processes, type Report } from '../../../simulator/adapters/processes.ts';
import { startReaper } from '../../../simulator/adapters/reaper.ts';
import type { Wanted } from '../../../simulator/adapters/running-process.ts';
import { tinyFiles } from './tiny-app.ts';
import { isAlive, until } from './until.ts';

const certificates = await makeCertificates();
let directory: string;
let door: Listener;
let processes: Processes;
let reaper: ReturnType<typeof startReaper>;
let wanted: Wanted[];
let route: Route | undefined;
let reports: { instanceId: string; report: Report }[];
let arrived: string[];
let heard: () => void;
let leastStartMs: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'front-door-'));
  wanted = [];
  route = { kind: 'unavailable' };
  reports = [];
  arrived = [];
  leastStartMs = 0;
  heard = () => {};
  reaper = startReaper();
  processes = keepProcesses({
    directory,
    environment: { PATH: process.env.PATH ?? '' },
    reaper,
    wanted: () => wanted,
    warmUps: () => [],
    filesOf: tinyFiles,
    report: (instanceId, report) => {
      reports.push({ instanceId, report });
      heard();
    },
    webJobPauseMs: 100,
    leastStartMs: () => leastStartMs,
    warn: (sentence) => {
      throw new Error(sentence);
    },
  });
  door = await listenHttps(certificates);
  door.answer(
    frontDoor({
      host: door.host,
      instances: processes,
      coldStartMs: 5_000,
      routeOf: (_host, from, path) => {
        arrived.push(`${from} ${path}`);
        return route;
      },
      callerOf: () => '203.0.113.7',
      scm: (_request, response) => response.end('scm'),
    }),
  );
});

afterEach(async () => {
  await door.close();
  await processes.stop();
  reaper.stop();
  rmSync(directory, { recursive: true });
});

test('a request before the app listens waits for its start and is served by it', async () => {
  want(instance('one', { START_MS: '200' }));
  const answer = await ask('/hello');
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    name: 'one',
    path: '/hello',
    host: door.host,
    forwardedFor: '203.0.113.7',
  });
  expect(reports).toEqual([{ instanceId: 'one', report: { kind: 'listening' } }]);
});

test('a slow start and a slow route are what the visitor has to wait for', async () => {
  const started = performance.now();
  leastStartMs = 300;
  want(instance('one'));
  await ask('/');
  expect(performance.now() - started).toBeGreaterThan(300);
  route = { kind: 'app', instanceId: 'one', delayMs: 200 };
  const asked = performance.now();
  await ask('/');
  expect(performance.now() - asked).toBeGreaterThan(199);
});

test('a body arrives whole', async () => {
  want(instance('one'));
  expect((await ask('/', { method: 'POST', body: Buffer.alloc(300_000, 'x') })).json).toMatchObject({
    method: 'POST',
    length: 300_000,
  });
});

test('a request in flight ends on the old instance after the route has changed, and only then is that one stopped', async () => {
  want(instance('old'));
  await ask('/');
  const slow = ask('/slow');
  await until(() => processes.list().some(({ inFlight }) => inFlight === 1));
  want(instance('new'));
  expect((await ask('/')).json).toMatchObject({ name: 'new' });
  const { pid } = (await slow).json as { pid: number };
  expect((await slow).json).toMatchObject({ name: 'old' });
  await until(() => processes.list().every(({ instanceId }) => instanceId !== 'old'));
  expect(isAlive(pid)).toBe(false);
});

test('an instance that dies under a request makes a 502, nothing is repeated, and its end is reported', async () => {
  want(instance('one'));
  await ask('/');
  const dead = new Promise<void>((resolve) => {
    heard = resolve;
  });
  expect((await ask('/die')).status).toBe(502);
  await dead;
  expect(reports.at(-1)).toEqual({ instanceId: 'one', report: { kind: 'exited', code: 3 } });
  expect((await ask('/')).status).toBe(503);
});

test('an answer that breaks off midway breaks off at the visitor too', async () => {
  want(instance('one'));
  await expect(ask('/die-midway')).rejects.toThrow(/aborted|hang up|reset/i);
});

test('the pages of a stopped, an unavailable and an unknown app are the ones of Azure', async () => {
  route = { kind: 'stopped' };
  expect(await ask('/')).toMatchObject({ status: 403, text: expect.stringContaining('This web app is stopped') });
  route = { kind: 'unavailable' };
  expect((await ask('/')).status).toBe(503);
  route = undefined;
  expect((await ask('/')).status).toBe(404);
  route = { kind: 'scm' };
  expect((await ask('/')).text).toBe('scm');
});

test('what the front end answers itself never reaches the app', async () => {
  want(instance('one'));
  await ask('/');
  const headers = { 'x-ms-forbidden-ip': '203.0.113.7' };
  route = { kind: 'answered', answer: { status: 403, headers, body: 'blocked your access' } };
  expect(await ask('/die?x=1')).toMatchObject({ status: 403, text: 'blocked your access' });
  expect(arrived.at(-1)).toBe('203.0.113.7 /die');
  expect(reports).toEqual([{ instanceId: 'one', report: { kind: 'listening' } }]);
});

test('a WebJob runs beside the app and ends when it is no longer wanted', async () => {
  wanted = [{ ...instance('job'), kind: 'webjob', name: 'clock' }];
  processes.reconcile();
  await until(() => processes.list().length === 1);
  wanted = [];
  processes.reconcile();
  await until(() => processes.list().length === 0);
  expect(reports).toEqual([]);
});

function instance(instanceId: string, environment: Record<string, string> = {}): Wanted {
  return {
    instanceId,
    kind: 'app',
    name: 'tiny',
    site: 'tiny',
    slot: 'production',
    contentId: 'content-1',
    startCommand: undefined,
    environment: { NAME: instanceId, WEBSITE_INSTANCE_ID: instanceId, ...environment },
  };
}

function want(only: Wanted): void {
  wanted = [only];
  route = { kind: 'app', instanceId: only.instanceId };
  processes.reconcile();
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
  readonly json: unknown;
}

function ask(path: string, options: { method?: string; body?: Uint8Array } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET' } = options;
    const sent = request(
      { host: 'localhost', port: door.port, path, method, ca: certificates.ca, agent: false },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode, text, json: text.startsWith('{') ? JSON.parse(text) : undefined }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}
