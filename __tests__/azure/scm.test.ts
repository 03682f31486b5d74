import { expect, test } from '@jest/globals';
import {
  downloadFile,
  downloadZip,
  packageName,
  pollDeployment,
  publishZip,
  scmIsStopped,
} from '../../src/azure/scm.ts';
import { listWebJobs } from '../../src/azure/webjobs.ts';
import { answer, answersInTurn, bench } from './support.ts';

const host = 'shop.scm.azurewebsites.net';
const zip = { file: '/tmp/new.zip', size: 2, sha256: 'a'.repeat(64) };
const into = '/tmp/live.zip';

test('an upload must be asked for at the path of its Location, over https, whatever that names', async () => {
  const location = `http://${host}:80/api/deployments/latest?deployer=OneDeploy&time=2023-01-01_10-00-00Z`;
  const send = answersInTurn(answer(202, '', { location }));
  const { arm } = await bench(send);
  const path = await publishZip(arm, host, zip, { restart: false, clean: true });
  expect(path).toBe('/api/deployments/latest?deployer=OneDeploy&time=2023-01-01_10-00-00Z');
  expect(send.sent[0]).toMatchObject({
    method: 'POST',
    url: `https://${host}/api/publish?type=zip&async=true&restart=false&clean=true`,
    body: zip,
    headers: { 'content-type': 'application/zip' },
  });
});

test('a temporary record that comes back must not end the wait', async () => {
  const { arm } = await bench(
    answersInTurn(
      answer(202, { id: 'temp-1', status: 0, is_temp: true, complete: false, progress: 'Fetching' }),
      answer(200, { id: 'temp-1', status: 4, is_temp: true, complete: true }),
      answer(404),
      answer(200, { id: 'abc', status: 4, is_temp: false, complete: true }),
    ),
  );
  const states: unknown[] = [];
  for (let look = 0; look < 4; look++) states.push((await pollDeployment(arm, host, '/api/deployments/latest')).state);
  expect(states).toEqual(['running', 'running', 'running', 'succeeded']);
});

test('a failed upload must say why', async () => {
  const failed = answer(200, { id: 'abc', status: 3, complete: true, status_text: 'Disk is full.' });
  const { arm } = await bench(answersInTurn(failed));
  expect(await pollDeployment(arm, host, '/api/deployments/abc')).toEqual({
    state: 'failed',
    message: 'Disk is full.',
  });
});

test('a stopped SCM site must be told from one that forbids', async () => {
  const page = '<html><body><h1>Error 403 - This web app is stopped.</h1></body></html>';
  const { arm } = await bench(answersInTurn(answer(403, page), answer(403, 'Forbidden')));
  const ask = () => downloadZip(arm, host, 'site/wwwroot', into).catch((error: unknown) => error);
  expect(scmIsStopped(await ask())).toBe(true);
  expect(scmIsStopped(await ask())).toBe(false);
});

test('paths must be escaped segment by segment, and a missing file must be told', async () => {
  const send = answersInTurn(answer(404), answer(200, 'x'));
  const { arm } = await bench(send);
  expect(await downloadFile(arm, host, 'site/wwwroot/a b#.txt', into)).toBe(false);
  await downloadZip(arm, host, '/site/wwwroot/', into);
  expect(send.sent.map(({ url }) => new URL(url).pathname)).toEqual([
    '/api/vfs/site/wwwroot/a%20b%23.txt',
    '/api/zip/site/wwwroot/',
  ]);
});

test('WebJobs of both kinds must be seen, and none where SCM does not know them', async () => {
  const { arm } = await bench(async ({ url }) =>
    url.endsWith('/api/continuouswebjobs')
      ? answer(200, [{ name: 'feed', status: 'Running', type: 'continuous' }])
      : answer(200, [{ name: 'nightly', type: 'triggered', latest_run: { status: 'Success' } }]),
  );
  expect(await listWebJobs(arm, host)).toEqual([
    { name: 'feed', kind: 'continuous', status: 'Running' },
    { name: 'nightly', kind: 'triggered', status: 'Success' },
  ]);
  expect(await listWebJobs((await bench(async () => answer(404))).arm, host)).toEqual([]);
});

test.each(['1.zip', 'shop 2026.zip', '..zip'])('a package file may be called %s', async (name) => {
  const { arm } = await bench(answersInTurn(answer(200, `${name}\n`)));
  expect(await packageName(arm, host)).toBe(name);
});

test.each(['..', '.', '../../../LogFiles/x.zip', 'a/b.zip', '..\\b.zip', 'a\nb', ''])(
  'what packagename.txt holds is no name when it is %j',
  async (content) => {
    const { arm } = await bench(answersInTurn(answer(200, content)));
    await expect(packageName(arm, host)).rejects.toThrow('does not name a file of data/SitePackages');
  },
);

test('a refusal by SCM names the permission that it lacks', async () => {
  const { arm } = await bench(answersInTurn(answer(403, '403 - Forbidden: Access is denied.')));
  await expect(downloadZip(arm, host, 'site/wwwroot', into)).rejects.toMatchObject({
    next: expect.stringContaining('Microsoft.Web/sites/publish/action'),
  });
});
