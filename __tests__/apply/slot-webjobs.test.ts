import { expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { changeFiles } from '../../simulator/model/web/scm/files.ts';
import { webJobsOf } from '../../simulator/model/web/webjobs.ts';
import { startWebJobs, stopWebJobs } from '../../src/apply/slot-webjobs.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { stoppedJobsText } from '../../src/deployment/stopped-jobs.ts';
import type { HttpResponse } from '../../src/ports.ts';
import { CLONE } from '../phases/observed.ts';
import { answer, stage } from './scene.ts';
import { recordOf } from './sketch.ts';

const LIVE = 'zdd-readonly';
const because = 'the live build is stopped';
const NIGHTLY = 'triggered/nightly/run.cmd';
const AT_TWO = { 'triggered/nightly/settings.job': '{"schedule":"0 0 2 * * *"}' };

/** A slot with continuous WebJobs, some of them stopped, and other files below their folder. */
async function withJobs(names: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const there = await stage();
  const clone = there.add(CLONE);
  const jobs = Object.fromEntries(names.map((name) => [`continuous/${name}/run.cmd`, 'run']));
  const files = Object.entries({ ...jobs, ...more }).map(([path, text]) => [
    `site/wwwroot/App_Data/jobs/${path}`,
    strToU8(text),
  ]);
  const slot = there.slot(LIVE);
  changeFiles(there.world, slot, Object.fromEntries(files), there.clock.now());
  return {
    ...there,
    slot,
    clone,
    running: () => webJobsOf(there.world, slot).flatMap(({ name, runs }) => (runs ? [name] : [])),
    stop: async (record: Partial<DeploymentRecord> = {}) =>
      stopWebJobs(await there.seen({ record: recordOf(record) }), LIVE),
    start: async (...jobs_: string[]) =>
      startWebJobs(await there.seen(), { kind: 'start-webjobs', slot: LIVE, jobs: jobs_, because }),
  };
}

test('continuous WebJobs that run are recorded, then stopped; those that did not are no concern of a rollback', async () => {
  const there = await withJobs(['mailer', 'indexer', 'idle'], {
    'continuous/idle/disable.job': '',
    [NIGHTLY]: 'run',
  });
  await there.stop();
  expect(there.clone.tags['zdd-stopped-jobs']).toBe('indexer:mailer');
  expect(there.sent[0]).toMatch(/^PATCH tags\/default/);
  expect(there.sent.slice(1).toSorted()).toEqual(['POST indexer/stop', 'POST mailer/stop']);
  expect(there.running()).toEqual(['nightly']);
  // Nothing of it needs the SCM site to stop.
  expect(there.slot.state).toBe('Running');
});

test('what an earlier run stopped stays recorded, and is not written again where nothing is new', async () => {
  const there = await withJobs(['mailer']);
  await there.stop({ stoppedJobs: ['sender', 'archiver'] });
  expect(there.clone.tags['zdd-stopped-jobs']).toBe('archiver:mailer:sender');
  const again = await withJobs(['mailer']);
  await again.stop({ stoppedJobs: ['sender', 'mailer'] });
  expect([again.sent, again.running()]).toEqual([['POST mailer/stop'], []]);
});

test('where SCM has stopped with the app its WebJobs have, too', async () => {
  const there = await withJobs(['mailer'], { [NIGHTLY]: 'run', ...AT_TWO });
  there.world.variants['scm-403-when-stopped'] = true;
  there.slot.state = 'Stopped';
  await there.stop();
  expect(there.sent).toEqual([]);
  there.answering(({ url }) => (/webjobs/.test(url) ? answer(403, { Message: 'Forbidden.' }) : undefined));
  await expect(there.stop()).rejects.toThrow('Forbidden');
});

const SCM_TOO = [`PATCH slots/${LIVE}`, `POST ${LIVE}/stop`];

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, readonly string[]]>([
  ['which runs by schedule', { [NIGHTLY]: 'run', ...AT_TWO }, {}, []],
  ['in a mounted package', {}, { WEBSITE_RUN_FROM_PACKAGE: '1' }, ['POST mailer/stop']],
])('a WebJob that cannot be stopped by itself stops with its SCM site: %s', async (_what, more, settings, tried) => {
  const there = await withJobs(tried.length === 0 ? [] : ['mailer'], more);
  if (tried.length > 0) {
    Object.assign(there.slot.occupant.settings, settings);
    const zip = {
      'data/SitePackages/1.zip': packageWith('mailer'),
      'data/SitePackages/packagename.txt': strToU8('1.zip'),
    };
    changeFiles(there.world, there.slot, zip, there.clock.now());
  }
  await there.stop({ stoppedJobs: ['mailer'] });
  expect(there.sent).toEqual([...tried, ...SCM_TOO]);
  expect([there.slot.state, there.slot.properties.scmSiteAlsoStopped]).toEqual(['Stopped', true]);
  expect([there.running(), there.warnings]).toEqual([[], []]);
});

test.each(SCM_TOO)('that is asked for once more where Azure has trouble: %s', async (request) => {
  const there = await withJobs([], { [NIGHTLY]: 'run', ...AT_TWO });
  let left = 1;
  there.answering(({ method }) =>
    method !== 'GET' && there.sent.at(-1) === request && left-- > 0 ? answer(503, {}) : undefined,
  );
  await there.stop();
  expect(there.sent).toEqual(SCM_TOO.flatMap((each) => (each === request ? [each, each] : [each])));
  expect([there.slot.state, there.slot.properties.scmSiteAlsoStopped]).toEqual(['Stopped', true]);
});

test('where Azure ignores that, it is said who goes on beside the new build', async () => {
  const there = await withJobs([], { [NIGHTLY]: 'run', ...AT_TWO });
  const ignored: HttpResponse = answer(200, { id: '/x', name: LIVE, location: 'x', properties: {} });
  there.answering(({ method, url }) => (method === 'PATCH' && /\/slots\//.test(url) ? ignored : undefined));
  await there.stop();
  expect(there.slot.state).toBe('Stopped');
  expect(there.warnings).toEqual([
    expect.stringMatching(
      /^Azure did not stop the SCM site of slot zdd-readonly, and WebJobs run by schedule: nightly:/,
    ),
  ]);
});

test('its state is waited for', async () => {
  const there = await withJobs([], { [NIGHTLY]: 'run', ...AT_TWO });
  const scene = await there.seen({ record: recordOf() });
  let looks = 0;
  there.answering(({ method, url }) => {
    if (method !== 'GET' || !url.includes(`/slots/${LIVE}?`)) return undefined;
    const properties = { state: ++looks < 4 ? 'Running' : 'Stopped', scmSiteAlsoStopped: true };
    return answer(200, { id: '/x', name: LIVE, location: 'x', properties });
  });
  await stopWebJobs(scene, LIVE);
  expect(looks).toBe(5);
});

test('another refusal than that it cannot be stopped ends it', async () => {
  const there = await withJobs(['mailer']);
  there.answering(({ url }) => (/mailer\/stop/.test(url) ? answer(400, { Message: 'Not so.' }) : undefined));
  await expect(there.stop()).rejects.toThrow('Not so');
  expect(there.slot.state).toBe('Running');
});

test('just those that ran are started again, by name or by what a tag holds of a long one', async () => {
  const names = ['mailer', 'a-processor-of-orders', 'idle'];
  const there = await withJobs(names, {
    ...Object.fromEntries(names.map((name) => [`continuous/${name}/disable.job`, ''])),
    'triggered/a-nightly-cleaner/run.cmd': 'run',
  });
  const digest = (name: string) => stoppedJobsText([name], 7);
  await there.start('mailer', digest('a-processor-of-orders'), digest('a-nightly-cleaner'));
  expect(there.sent.toSorted()).toEqual(['POST a-processor-of-orders/start', 'POST mailer/start']);
  expect(there.running()).not.toContain('idle');
});

test.each<[number, boolean, RegExp | undefined]>([
  [404, true, /^WebJob mailer was stopped and is not there any more/],
  // It is in a mounted package, and came back with its SCM site.
  [409, true, undefined],
  [400, false, undefined],
])('a WebJob that cannot be started (%d) keeps no other one from it', async (status, isDone, said) => {
  const there = await withJobs(['mailer', 'sender'], { 'continuous/sender/disable.job': '' });
  there.answering(({ url }) => (/mailer\/start/.test(url) ? answer(status, { Message: 'Not so.' }) : undefined));
  const starting = there.start('mailer', 'sender');
  if (isDone) await starting;
  else await expect(starting).rejects.toThrow('Not so');
  expect(there.running()).toContain('sender');
  expect(there.warnings).toEqual(said ? [expect.stringMatching(said)] : []);
});

/** SCM comes back with the app, after so many milliseconds. */
async function comingBack(ms: number) {
  const there = await withJobs(['mailer'], { 'continuous/mailer/disable.job': '' });
  const at = there.clock.now() + ms;
  there.answering(({ url }) =>
    /\.scm\./.test(url) && there.clock.now() < at ? answer(403, { Message: 'This web app is stopped.' }) : undefined,
  );
  return there;
}

test.each(['mailer', stoppedJobsText(['a-processor-of-orders'], 7)])(
  'SCM comes back a little after its app, and is waited for: %s',
  async (job) => {
    const there = await comingBack(20_000);
    const startedAt = there.clock.now();
    await there.start(job);
    expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(20_000);
    const never = await comingBack(900_000);
    await expect(never.start(job)).rejects.toMatchObject({
      happened: expect.stringMatching(/^Waited 5 min \d s for .*; last seen: its SCM site is still stopped\.$/),
    });
    const cancelled = await comingBack(900_000);
    const starting = cancelled.start(job);
    await cancelled.clock.sleep(5000);
    cancelled.cancelled.abort(new Error('cancelled'));
    await expect(starting).rejects.toThrow('cancelled');
  },
);

function packageWith(job: string): Uint8Array {
  return zipSync({ [`App_Data/jobs/continuous/${job}/run.cmd`]: strToU8('run') });
}
