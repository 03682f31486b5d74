import { expect, test } from '@jest/globals';
import { buildFiles } from '../../../../simulator/model/app/build.ts';
import { contentOfSlot, filesIn, servingOf } from '../../../../simulator/model/observers.ts';
import { pack, unpack } from '../../../../simulator/model/web/content.ts';
import { callerOn, SCM, SITE } from './caller.ts';

const text = (value: string) => new TextEncoder().encode(value);
const zip = pack(buildFiles({ name: 'shop', version: '2.0.0' }));
const names = (bytes: Uint8Array) => Object.keys(unpack(bytes) ?? {}).sort();

test('an async deployment answers 202, shows an older record again before its end, and then is served', () => {
  const caller = callerOn();
  const begun = caller.send('POST', `${SCM}/api/publish?type=zip&async=true&clean=true&restart=true`, zip);
  expect(begun.status).toBe(202);
  const id = begun.headers['scm-deployment-id'] ?? '';
  expect(begun.headers.location).toContain('/api/deployments/latest');
  const seen: unknown[] = [];
  for (let answered = begun; answered.status === 202; ) {
    caller.wait(1_000);
    answered = caller.send('GET', `${SCM}/api/deployments/${id}`);
    const { status, is_temp, complete } = JSON.parse(answered.text);
    seen.push([answered.status, status, is_temp, complete].join());
  }
  expect(seen.filter((one, i) => one !== seen[i - 1])).toEqual([
    '202,0,true,false',
    '202,1,false,false',
    '202,2,false,false',
    '202,0,true,false',
    '202,2,false,false',
    '200,4,false,true',
  ]);
  caller.wait(10_000);
  expect(caller.send('GET', 'https://web.azurewebsites.net/').text).toContain('2.0.0');
});

test('a package that is no zip fails and changes nothing', () => {
  const caller = callerOn();
  const before = contentOfSlot(caller.world, 'web');
  caller.send('POST', `${SCM}/api/zipdeploy?isAsync=true`, text('no zip'));
  caller.wait(60_000);
  expect(JSON.parse(caller.send('GET', `${SCM}/api/deployments/latest`).text)).toMatchObject({
    status: 3,
    complete: true,
  });
  expect(contentOfSlot(caller.world, 'web')).toBe(before);
});

test('publish cleans wwwroot unless told not to; zipdeploy removes only what was deployed before', () => {
  const caller = callerOn();
  caller.send('PUT', `${SCM}/api/vfs/site/wwwroot/by-hand.txt`, text('mine'));
  caller.send('POST', `${SCM}/api/zipdeploy`, pack({ 'a.txt': text('a') }));
  expect(names(caller.send('GET', `${SCM}/api/zip/site/wwwroot/`).bytes)).toEqual(['a.txt', 'by-hand.txt']);
  caller.send('POST', `${SCM}/api/publish?type=zip`, pack({ 'b.txt': text('b') }));
  expect(names(caller.send('GET', `${SCM}/api/zip/site/wwwroot/`).bytes)).toEqual(['b.txt']);
});

test('restart=false leaves the running process alone', () => {
  const caller = callerOn();
  const before = servingOf(caller.world, 'web').instanceId;
  caller.send('POST', `${SCM}/api/publish?type=zip&restart=false`, zip);
  caller.wait(60_000);
  expect(servingOf(caller.world, 'web').instanceId).toBe(before);
});

test('the zip of wwwroot, put elsewhere, gives the same files', () => {
  const caller = callerOn();
  const copy = caller.send('GET', `${SCM}/api/zip/site/wwwroot/`);
  expect(caller.send('PUT', `${SCM}/api/zip/site/copy/`, copy.bytes).status).toBe(200);
  expect(caller.send('GET', `${SCM}/api/zip/site/copy/`).bytes).toEqual(copy.bytes);
});

test('vfs reads, lists, and writes over an existing file only with If-Match', () => {
  const caller = callerOn();
  const file = `${SCM}/api/vfs/site/notes.txt`;
  expect(caller.send('GET', file).status).toBe(404);
  expect(caller.send('PUT', file, text('one')).status).toBe(201);
  expect(caller.send('PUT', file, text('two')).status).toBe(412);
  expect(caller.send('PUT', file, text('two'), { headers: { 'If-Match': '*' } }).status).toBe(204);
  expect(caller.send('GET', file).text).toBe('two');
  const listed = JSON.parse(caller.send('GET', `${SCM}/api/vfs/site/`).text) as { name: string; mime: string }[];
  expect(listed.map(({ name, mime }) => [name, mime === 'inode/directory'])).toEqual([
    ['wwwroot', true],
    ['notes.txt', false],
  ]);
});

test.each([
  [false, ['build.json']],
  [true, ['hostingstart.html']],
])('run from package (Linux: %s): the app runs the zip, Kudu shows %s in wwwroot', (linux, shown) => {
  const caller = callerOn({ linux, appSettings: { WEBSITE_RUN_FROM_PACKAGE: '1' } });
  caller.send('POST', `${SCM}/api/publish?type=zip`, zip);
  caller.wait(60_000);
  expect(caller.send('GET', 'https://web.azurewebsites.net/').text).toContain('2.0.0');
  const name = caller.send('GET', `${SCM}/api/vfs/data/SitePackages/packagename.txt`).text;
  expect(caller.send('GET', `${SCM}/api/vfs/data/SitePackages/${name}`).bytes).toEqual(zip);
  expect(names(caller.send('GET', `${SCM}/api/zip/site/wwwroot/`).bytes)).toEqual(shown);
  expect(Object.keys(filesIn(caller.world, contentOfSlot(caller.world, 'web')))).toEqual(['build.json']);
});

test('run from a URL: Kudu refuses to deploy', () => {
  const caller = callerOn({ appSettings: { WEBSITE_RUN_FROM_PACKAGE: 'https://store/package.zip?sig=s' } });
  expect(caller.send('POST', `${SCM}/api/publish?type=zip`, zip)).toMatchObject({
    status: 409,
    text: expect.stringContaining('Run-From-Zip is set to a remote URL'),
  });
});

test('on Linux a management operation ends a deployment that is under way', () => {
  const caller = callerOn({ linux: true });
  caller.send('POST', `${SCM}/api/publish?type=zip&async=true`, zip);
  caller.send('POST', `${SITE}/restart`);
  expect(JSON.parse(caller.send('GET', `${SCM}/api/deployments/latest`).text)).toMatchObject({
    status: 3,
    status_text: expect.stringContaining('SCM container restart'),
  });
});

test('SCM wants a token, and a role that publishes', () => {
  const caller = callerOn();
  expect(caller.send('GET', `${SCM}/api/deployments`, undefined, { clientId: null }).status).toBe(401);
  for (const { roles } of Object.values(caller.world.principals)) {
    for (const role of roles) role.notActions.push('Microsoft.Web/sites/publish/action');
  }
  expect(caller.send('GET', `${SCM}/api/deployments`).status).toBe(403);
});

test('a path or query that the model does not know fails loudly', () => {
  const caller = callerOn();
  expect(() => caller.send('GET', `${SCM}/api/command`)).toThrow('The simulator does not model');
  expect(() => caller.send('POST', `${SCM}/api/publish?type=zip&reset=true`, zip)).toThrow('the query reset');
});
