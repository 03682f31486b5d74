import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { contentOf } from '../../simulator/model/web/content.ts';
import { changeFiles } from '../../simulator/model/web/scm/files.ts';
import { upload, withScm } from '../../src/apply/upload.ts';
import { listDirectory } from '../../src/azure/scm.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { fileBody } from '../../src/system/file-body.ts';
import { answer, type Stage, stage } from './scene.ts';

const STAGING = 'zdd-staging';
let folder = '';
let zip: Awaited<ReturnType<typeof fileBody>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zdd-upload-'));
  const path = join(folder, 'new.zip');
  await writeFile(path, zipSync({ 'index.html': strToU8('next') }));
  zip = await fileBody(path);
});
afterAll(() => rm(folder, { recursive: true }));

/** A stopped slot that holds an older build. */
async function stopped() {
  const there = await stage();
  const model = there.slot(STAGING);
  changeFiles(there.world, model, { 'site/wwwroot/old.html': strToU8('old') }, there.clock.now());
  model.state = 'Stopped';
  const startedAt = there.clock.now();
  return {
    ...there,
    model,
    sending: async () => upload(await there.seen(), STAGING, zip),
    waited: () => there.clock.now() - startedAt,
  };
}

function holds(there: Stage): readonly string[] {
  const { files } = contentOf(there.world, there.slot(STAGING).occupant.contentId);
  return Object.keys(files).filter((path) => path.startsWith('site/wwwroot/'));
}

const isUpload = ({ method, url }: HttpRequest) => method === 'POST' && /\/api\/publish\?/.test(url);
const isPoll = ({ method, url }: HttpRequest) => method === 'GET' && /\/api\/deployments\//.test(url);
const PUBLISH = 'POST api/publish';

/** What SCM says to an upload, so many times. */
function says(there: Stage, times: number, what: () => HttpResponse) {
  let left = times;
  there.answering((request) => (isUpload(request) && left-- > 0 ? what() : undefined));
}

/** What becomes of uploads, one after the other; a further one goes through. */
function ends(there: Stage, ...messages: readonly string[]) {
  let uploads = 0;
  there.answering((request) => {
    if (isUpload(request)) uploads += 1;
    const message = isPoll(request) ? messages[uploads - 1] : undefined;
    return message === undefined
      ? undefined
      : answer(200, { id: 'x', status: 3, complete: true, status_text: message });
  });
}

test('an upload replaces all that a slot holds, and does not start it', async () => {
  const there = await stopped();
  const urls: string[] = [];
  there.answering((request) => {
    if (isUpload(request)) urls.push(new URL(request.url).search);
    return undefined;
  });
  await there.sending();
  expect(holds(there)).toEqual(['site/wwwroot/index.html']);
  expect([there.sent, there.model.state]).toEqual([[PUBLISH], 'Stopped']);
  expect(new URLSearchParams(urls.join())).toEqual(new URLSearchParams('type=zip&async=true&restart=false&clean=true'));
});

test('where SCM stops with its slot, that runs for as long as the work takes, however it ends', async () => {
  const there = await stopped();
  there.world.variants['scm-403-when-stopped'] = true;
  await there.sending();
  expect(there.sent).toEqual([PUBLISH, `POST ${STAGING}/start`, PUBLISH, `POST ${STAGING}/stop`]);
  expect([holds(there), there.model.state]).toEqual([['site/wwwroot/index.html'], 'Stopped']);
  const scene = await there.seen();
  const failing = withScm(scene, STAGING, async (host) => {
    await listDirectory(scene.context.arm, host, 'site');
    throw new Error('of the work');
  });
  await expect(failing).rejects.toThrow('of the work');
  expect([there.sent.slice(-2), there.model.state]).toEqual([
    [`POST ${STAGING}/start`, `POST ${STAGING}/stop`],
    'Stopped',
  ]);
});

test('a refusal that says nothing of a stopped slot starts none', async () => {
  const there = await stopped();
  says(there, 1, () => answer(403, { Message: 'Forbidden.' }));
  await expect(there.sending()).rejects.toThrow('Forbidden');
  expect([there.sent, there.model.state]).toEqual([[PUBLISH], 'Stopped']);
});

test.each<[string, () => HttpResponse]>([
  ['is busy with another upload', () => answer(409, { Message: 'There is a deployment currently in progress.' })],
  ['is not reached by its front end', () => answer(502, { Message: 'Bad gateway.' })],
  [
    'gives no answer',
    () => {
      throw new Error('no route');
    },
  ],
])('where SCM %s, it is uploaded again after ten seconds', async (_what, what) => {
  const there = await stopped();
  says(there, 2, what);
  await there.sending();
  expect(there.sent).toEqual([PUBLISH, PUBLISH, PUBLISH]);
  expect(there.waited()).toBeGreaterThan(20_000);
  expect(holds(there)).toEqual(['site/wwwroot/index.html']);
});

test('one that goes on being busy is waited for a quarter of an hour, or until the run is cancelled', async () => {
  const busy = () => answer(409, { Message: 'There is a deployment currently in progress.' });
  const there = await stopped();
  says(there, Number.POSITIVE_INFINITY, busy);
  await expect(there.sending()).rejects.toMatchObject({
    happened: expect.stringMatching(/^Waited 15 min \d s for SCM of .* to take the upload; .*currently in progress/),
    next: expect.stringMatching(/^Look at the deployment log/),
  });
  const other = await stopped();
  says(other, Number.POSITIVE_INFINITY, busy);
  await expectCancelled(other);
});

async function expectCancelled(there: Awaited<ReturnType<typeof stopped>>) {
  const sending = there.sending();
  await there.clock.sleep(30_000);
  there.cancelled.abort(new Error('cancelled'));
  const before = there.waited();
  await expect(sending).rejects.toThrow('cancelled');
  expect(there.waited() - before).toBeLessThan(1000);
}

test('any other refusal ends it', async () => {
  const there = await stopped();
  says(there, 1, () => answer(409, { Message: 'The file system is read-only.' }));
  await expect(there.sending()).rejects.toThrow('read-only');
  expect(there.sent).toEqual([PUBLISH]);
});

test('an upload under which SCM restarted is done again', async () => {
  const there = await stopped();
  ends(there, 'Deployment has been stopped due to SCM container restart. The restart can happen now and then.');
  await there.sending();
  expect(there.sent.length).toBeGreaterThan(1);
  expect(holds(there)).toEqual(['site/wwwroot/index.html']);
});

test.each([
  ['There is not enough space on the disk.', /^The disk of the App Service plan is full/],
  ['npm ended with 1.', /^Look at the deployment log in the portal/],
])('one that cannot be unpacked is told with what helps: %s', async (message, next) => {
  const there = await stopped();
  ends(there, message);
  await expect(there.sending()).rejects.toMatchObject({
    kind: 'failed',
    happened: expect.stringMatching(new RegExp(`^The upload to \\S+ failed: ${message}`)),
    next: expect.stringMatching(next),
  });
  expect(there.sent).toEqual([PUBLISH]);
});

test('an SCM that is away while it unpacks is asked until it is back; one that refuses is not', async () => {
  const there = await stopped();
  let until: number | undefined;
  there.answering((request) => {
    if (isUpload(request)) until = there.clock.now() + 90_000;
    return isPoll(request) && until !== undefined && there.clock.now() < until ? answer(503, {}) : undefined;
  });
  await there.sending();
  expect([there.sent, holds(there)]).toEqual([[PUBLISH], ['site/wwwroot/index.html']]);
  const other = await stopped();
  other.answering((request) => (isPoll(request) ? answer(403, { Message: 'Not yours.' }) : undefined));
  await expect(other.sending()).rejects.toThrow('Not yours.');
});

test.each(['start', 'stop'])(
  'a slot that runs for its SCM is asked once more to %s where Azure has trouble',
  async (what) => {
    const there = await stopped();
    there.world.variants['scm-403-when-stopped'] = true;
    let left = 1;
    there.answering(({ url }) => (url.includes(`/${what}?`) && left-- > 0 ? answer(503, {}) : undefined));
    await there.sending();
    const asked = there.sent.filter((each) => each === `POST ${STAGING}/${what}`);
    expect([asked.length, there.model.state]).toEqual([2, 'Stopped']);
  },
);

test('unpacking is waited for half an hour, or until the run is cancelled', async () => {
  const unpacking = answer(202, { id: 'x', status: 2, complete: false, progress: 'Copying files' });
  const there = await stopped();
  there.answering((request) => (isPoll(request) ? unpacking : undefined));
  await expect(there.sending()).rejects.toMatchObject({
    happened: expect.stringMatching(/^Waited 30 min \d s for SCM of .* to unpack the upload; last seen: Copying files/),
    next: expect.stringMatching(/^Look at the deployment log/),
  });
  const other = await stopped();
  other.answering((request) => (isPoll(request) ? unpacking : undefined));
  await expectCancelled(other);
});
