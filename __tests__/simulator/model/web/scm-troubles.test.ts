import { expect, test } from '@jest/globals';
import { buildFiles } from '../../../../simulator/model/app/build.ts';
import { contentOfSlot, filesIn } from '../../../../simulator/model/observers.ts';
import { pack, unpack } from '../../../../simulator/model/web/content.ts';
import { type Caller, callerOn, SCM, SITE } from './caller.ts';

const ZIP = pack(buildFiles({ name: 'shop', version: '2' }));

const upload = (caller: Caller, zip = ZIP) => caller.send('POST', `${SCM}/api/publish?type=zip&async=true`, zip);
/** Uploads, and the deployment's end in Kudu's number and words. */
function deploy(caller: Caller, zip = ZIP): { status: number; text: string } {
  upload(caller, zip);
  caller.wait(60_000);
  const ended = caller.send('GET', `${SCM}/api/deployments/latest`);
  return { status: JSON.parse(ended.text).status, text: ended.text };
}

test.each([
  ['upload-409', 409, 'deployment currently in progress'],
  ['upload-502', 502, '502'],
  ['upload-503', 503, '503'],
  ['upload-503-disk-full', 503, 'not enough space on the disk'],
  ['upload-disk-full', 500, 'not enough space on the disk'],
] as const)('%s: an upload is refused once', (outcome, status, words) => {
  const caller = callerOn();
  caller.world.web.injected.push(outcome);
  const refused = upload(caller);
  expect([refused.status, refused.text]).toEqual([status, expect.stringContaining(words)]);
  expect(upload(caller).status).toBe(202);
});

test('a restart of SCM cuts a deployment off, and leaves what was there', () => {
  const caller = callerOn();
  const before = contentOfSlot(caller.world, 'web');
  caller.world.web.injected.push('upload-cut');
  const cut = deploy(caller);
  expect([cut.status, cut.text]).toEqual([3, expect.stringContaining('SCM container restart')]);
  expect(contentOfSlot(caller.world, 'web')).toBe(before);
  expect(deploy(caller).status).toBe(4);
});

test('the download of a large wwwroot may end before its end', () => {
  const caller = callerOn();
  caller.world.web.injected.push('download-cut');
  const [cut, whole] = [1, 2].map(() => caller.send('GET', `${SCM}/api/zip/site/wwwroot/`));
  expect([cut?.status, cut && unpack(cut.bytes)]).toEqual([200, undefined]);
  expect(whole && Object.keys(unpack(whole.bytes) ?? {})).toEqual(['build.json']);
});

test('a stop may meet an operation that has not quite ended', () => {
  const caller = callerOn();
  caller.world.web.injected.push('power-409');
  const refused = caller.send('POST', `${SITE}/stop`);
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('another operation is in progress')]);
  expect(caller.send('POST', `${SITE}/stop`).status).toBe(200);
});

test.each([
  ['Linux, told to build', { linux: true }, 'true', 3, []],
  ['Linux, not told', { linux: true }, 'false', 4, ['build.json']],
  ['Windows, told to build', {}, 'true', 4, ['build.json']],
] as const)('a build’s output without a project cannot be built again: %s', (_, options, wish, status, files) => {
  const caller = callerOn(options);
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { SCM_DO_BUILD_DURING_DEPLOYMENT: wish } });
  expect(deploy(caller).status).toBe(status);
  if (files.length > 0) expect(Object.keys(filesIn(caller.world, contentOfSlot(caller.world, 'web')))).toEqual(files);
});

test('with a project Azure makes another build than the one it was given', () => {
  const caller = callerOn({ linux: true });
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { SCM_DO_BUILD_DURING_DEPLOYMENT: '1' } });
  const files = { ...buildFiles({ name: 'shop', version: '2' }), 'package.json': new TextEncoder().encode('{}') };
  expect(deploy(caller, pack(files)).status).toBe(4);
  const served = Object.keys(filesIn(caller.world, contentOfSlot(caller.world, 'web')));
  expect(served.sort()).toEqual(['build.json', 'oryx-manifest.toml', 'package.json']);
});

test.each([
  [true, 'App_Data\\note.txt'],
  [false, 'App_Data/note.txt'],
])('names with backslashes are files of their own on Linux: %s', (linux, name) => {
  const caller = callerOn({ linux });
  expect(deploy(caller, pack({ 'App_Data\\note.txt': new Uint8Array([1]) })).status).toBe(4);
  expect(Object.keys(filesIn(caller.world, contentOfSlot(caller.world, 'web')))).toEqual([name]);
});
