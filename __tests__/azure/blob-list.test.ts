import { expect, test } from '@jest/globals';
import { type BlobWay, blobsOf, containersOf } from '../../src/azure/blob-list.ts';
import { createArm } from '../../src/azure/client.ts';
import type { Send } from '../../src/ports.ts';
import { answer, answersInTurn, heardLog, publicCloud, virtualClock } from './support.ts';

const list = (items: string, rest = '') =>
  `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://media.blob.core.windows.net/">${items}${rest}</EnumerationResults>`;
const blob = (name: string, more = '') =>
  `<Blob>${name}${more}<Properties><Last-Modified>Tue, 01 Sep 2026 09:00:00 GMT</Last-Modified></Properties></Blob>`;

test('a list is asked of the account of this cloud, with a token for storage and for nothing else', async () => {
  const send = answersInTurn(answer(200, list('<Containers><Container><Name>images</Name></Container></Containers>')));
  const { way, scopes } = await on(send, 'core.usgovcloudapi.net');
  expect(await containersOf(way, '2!5!&')).toEqual({ items: ['images'], next: undefined });
  expect(scopes).toEqual(['https://storage.azure.com/.default']);
  expect(send.sent[0]).toMatchObject({
    method: 'GET',
    url: 'https://media.blob.core.usgovcloudapi.net/?comp=list&marker=2%215%21%26',
    headers: { 'x-ms-version': '2021-12-02', authorization: 'Bearer t' },
  });
});

test('names are read as they are, however they are written, and what has no name or time is passed over', async () => {
  const items = [
    blob('<Name>a &amp; b/&lt;c&gt;.png</Name>'),
    blob('<Name Encoded="true">d%EF%BF%BEe</Name>'),
    blob('<Name Encoded="true">100%</Name>'),
    blob(''),
    '<Blob><Name>no time</Name></Blob>',
    blob('<Name>f</Name>', '<Deleted>true</Deleted>'),
  ].join('');
  const { way } = await on(
    answersInTurn(answer(200, list(`<Blobs>${items}</Blobs>`, '<NextMarker>g&amp;h</NextMarker>'))),
  );
  const { items: found, next } = await blobsOf(way, 'images');
  expect(next).toBe('g&h');
  expect(found?.map(({ name, isCurrent, deletedAt }) => [name, isCurrent, deletedAt])).toEqual([
    ['a & b/<c>.png', true, undefined],
    ['d\ufffee', true, undefined],
    ['100%', true, undefined],
    ['f', false, 0],
  ]);
});

test.each([
  [answer(403, '', { 'x-ms-error-code': 'AuthorizationPermissionMismatch' }), 'no-right'],
  [answer(401, ''), 'no-right'],
  [answer(403, '', { 'x-ms-error-code': 'AuthorizationFailure' }), 'network'],
  [answer(404, ''), 'no-answer'],
  [answer(200, '<html>Sign in to the network</html>'), 'no-answer'],
])('answer %#: %s', async (answered, unseen) => {
  expect(await blobsOf((await on(answersInTurn(answered))).way, 'images')).toEqual({ unseen });
});

test('a list that never ends its elements takes no time', async () => {
  const began = performance.now();
  const { way } = await on(answersInTurn(answer(200, list('<Blob><Name '.repeat(200_000)))));
  expect((await blobsOf(way, 'images')).items).toEqual([]);
  expect(performance.now() - began).toBeLessThan(2000);
});

async function on(send: Send, storageSuffix = 'core.windows.net'): Promise<{ way: BlobWay; scopes: string[] }> {
  const scopes: string[] = [];
  const credential = {
    async getToken(scope: string | string[]) {
      scopes.push([scope].flat().join());
      return { token: 't', expiresOnTimestamp: Date.UTC(2030, 0, 1) };
    },
  };
  const cloud = { ...publicCloud, storageSuffix };
  const arm = await createArm({ cloud, credential, send, clock: virtualClock(), log: heardLog() });
  return { way: { arm, send, account: 'media', signal: new AbortController().signal }, scopes };
}
