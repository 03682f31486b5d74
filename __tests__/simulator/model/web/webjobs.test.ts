import { expect, test } from '@jest/globals';
import type { WorldOptions } from '../../../../simulator/model/create-world.ts';
import { wantedProcesses } from '../../../../simulator/model/web/hosting.ts';
import { type Caller, callerOn, SCM, SITE } from './caller.ts';

const FILES = {
  'build.json': new TextEncoder().encode('{"name":"shop","version":"1"}'),
  'App_Data/jobs/continuous/stock/run.js': new Uint8Array(),
  'App_Data/jobs/triggered/nightly/run.js': new Uint8Array(),
};

function withJob(options: WorldOptions = {}): Caller {
  return callerOn({ files: FILES, ...options });
}

const running = (caller: Caller) =>
  wantedProcesses(caller.world, caller.now())
    .filter((process) => process.kind === 'webjob')
    .map((process) => process.name);
const status = (caller: Caller) =>
  (JSON.parse(caller.send('GET', `${SCM}/api/continuouswebjobs`).text) as { status: string }[]).map(
    (job) => job.status,
  );

test('a continuous job runs beside the app, a triggered one is listed only', () => {
  const caller = withJob();
  expect([running(caller), status(caller)]).toEqual([['stock'], ['Running']]);
  expect(JSON.parse(caller.send('GET', `${SCM}/api/triggeredwebjobs`).text)).toMatchObject([{ name: 'nightly' }]);
});

test('jobs go on in a stopped app, with their sessions in the database', () => {
  const caller = withJob();
  caller.send('POST', `${SITE}/stop`);
  expect([running(caller), status(caller)]).toEqual([['stock'], ['Running']]);
  expect(Object.keys(caller.world.sql.sessions)).toHaveLength(1);
});

test('without the variant they stop with the app', () => {
  const caller = withJob({ variants: { 'webjobs-run-while-stopped': false } });
  caller.send('POST', `${SITE}/stop`);
  expect([running(caller), status(caller)]).toEqual([[], ['Stopped']]);
  expect(Object.keys(caller.world.sql.sessions)).toHaveLength(0);
});

test.each(['1', 'true'])('WEBJOBS_STOPPED=%s stops them', (value) => {
  const caller = withJob({ appSettings: { WEBJOBS_STOPPED: value } });
  expect([running(caller), status(caller)]).toEqual([[], ['Stopped']]);
});

test('stop and start of one job last, by the file disable.job', () => {
  const caller = withJob();
  expect(caller.send('POST', `${SCM}/api/continuouswebjobs/stock/stop`).status).toBe(200);
  caller.send('POST', `${SITE}/restart`);
  expect([running(caller), status(caller)]).toEqual([[], ['Stopped']]);
  caller.send('POST', `${SCM}/api/continuouswebjobs/stock/start`);
  expect([running(caller), status(caller)]).toEqual([['stock'], ['Running']]);
});

test('settings restart a job; stopping the app does not', () => {
  const caller = withJob();
  const ids = () =>
    wantedProcesses(caller.world, caller.now())
      .filter((one) => one.kind === 'webjob')
      .map((one) => one.instanceId);
  const before = ids();
  caller.send('POST', `${SITE}/stop`);
  expect(ids()).toEqual(before);
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: {} });
  expect(ids()).not.toEqual(before);
});

test('variant scm-403-when-stopped: SCM answers 403 while the slot is stopped', () => {
  const caller = withJob({ variants: { 'scm-403-when-stopped': true } });
  caller.send('POST', `${SITE}/stop`);
  expect(caller.send('GET', `${SCM}/api/continuouswebjobs`)).toMatchObject({
    status: 403,
    text: expect.stringContaining('Error 403 - This web app is stopped.'),
  });
});

test('a job sees settings and connection strings as the app does', () => {
  const caller = withJob({ appSettings: { place: 'here' } });
  const [job] = wantedProcesses(caller.world, caller.now()).filter((process) => process.kind === 'webjob');
  expect(job?.environment).toMatchObject({
    place: 'here',
    APPSETTING_place: 'here',
    SQLAZURECONNSTR_DefaultConnection: expect.stringContaining('Database=shop'),
    WEBJOBS_NAME: 'stock',
    WEBSITE_SITE_NAME: 'web',
  });
});
