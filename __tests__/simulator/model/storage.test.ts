import { expect, test } from '@jest/globals';
import { giveRole } from '../../../simulator/model/arm/role-assignments.ts';
import { createWorld, EPOCH } from '../../../simulator/model/create-world.ts';
import { request } from '../../../simulator/model/model.ts';
import { deleteBlob, deleteEarlier, putBlob } from '../../../simulator/model/storage/blobs.ts';
import type { StorageAccount } from '../../../simulator/model/storage/state.ts';

const LIST = 'images?restype=container&comp=list';
const ALL = `${LIST}&include=deleted,versions`;
const MINUTE = 60_000;

test('a blob that is written over or deleted stays as a version, which says when it was written and no more', () => {
  const { account, ask } = begin({ isVersioningEnabled: true });
  putBlob(account, 'images/a.png', EPOCH);
  putBlob(account, 'images/a.png', EPOCH + MINUTE);
  putBlob(account, 'images/b.png', EPOCH);
  deleteBlob(account, 'images/b.png', EPOCH + MINUTE);
  expect(blobsIn(ask(LIST).text)).toEqual(['a.png 08:01:00']);
  expect(blobsIn(ask(ALL).text)).toEqual([
    'a.png 2026-09-01T08:00:00.0000000Z 08:00:00',
    'a.png 2026-09-01T08:01:00.0000000Z current 08:01:00',
    'b.png 2026-09-01T08:00:00.0000000Z 08:00:00',
  ]);
});

test('soft delete keeps what is deleted for its days, with the time, and earlier versions as well', () => {
  const { account, ask } = begin({ isVersioningEnabled: false, softDeleteDays: 7 });
  putBlob(account, 'images/a.png', EPOCH);
  deleteBlob(account, 'images/a.png', EPOCH + MINUTE);
  expect(blobsIn(ask(LIST).text)).toEqual([]);
  expect(blobsIn(ask(ALL).text)).toEqual(['a.png deleted 08:00:00 08:01:00']);
  expect(blobsIn(ask(ALL, { now: EPOCH + 8 * 24 * 60 * MINUTE }).text)).toEqual([]);
  account.isVersioningEnabled = true;
  putBlob(account, 'images/b.png', EPOCH);
  putBlob(account, 'images/b.png', EPOCH + MINUTE);
  deleteEarlier(account, 'images/b.png', EPOCH + 2 * MINUTE);
  expect(blobsIn(ask(ALL).text).slice(1)).toEqual([
    'b.png deleted 2026-09-01T08:00:00.0000000Z 08:00:00 08:02:00',
    'b.png 2026-09-01T08:01:00.0000000Z current 08:01:00',
  ]);
});

test('a list comes in parts, and a marker that Azure did not give is refused', () => {
  const { account, ask } = begin({ isVersioningEnabled: true, mostInAnswer: 2 });
  for (const name of ['c', 'a', 'b']) putBlob(account, `images/${name}`, EPOCH);
  const first = ask(ALL).text;
  const [, marker = ''] = /<NextMarker>([^<]*)</.exec(first) ?? [];
  expect(marker).toContain('&amp;');
  const next = ask(`${ALL}&marker=${encodeURIComponent(marker.replace('&amp;', '&'))}`).text;
  expect([...blobsIn(first), ...blobsIn(next)].map((line) => line[0])).toEqual(['a', 'b', 'c']);
  expect(next).toContain('<NextMarker />');
  expect(ask(`${ALL}&marker=${encodeURIComponent(marker)}`).status).toBe(400);
});

test('the names of containers take an action, and their blobs a data action, which no * grants', () => {
  const { account, ask, deployer, world } = begin({ isVersioningEnabled: true });
  putBlob(account, 'images/a', EPOCH);
  const codes = () => ['?comp=list', ALL].map((what) => ask(what).headers['x-ms-error-code']);
  deployer.roles = [];
  expect(codes()).toEqual(['AuthorizationPermissionMismatch', 'AuthorizationPermissionMismatch']);
  giveRole(world, deployer, 'Owner', '/');
  expect(codes()).toEqual([undefined, 'AuthorizationPermissionMismatch']);
  giveRole(world, deployer, 'Storage Blob Data Reader', account.id);
  expect(codes()).toEqual([undefined, undefined]);
  expect(ask('?comp=list').text).toContain('<Name>images</Name>');
  expect(ask(ALL.replace('images', 'none')).headers['x-ms-error-code']).toBe('ContainerNotFound');
  expect(ask(ALL, { clientId: '' }).status).toBe(401);
  account.network = 'firewall';
  expect(codes()).toEqual(['AuthorizationFailure', 'AuthorizationFailure']);
});

test('what is not known is refused, and an account that nobody has does not answer', () => {
  const { ask } = begin({ isVersioningEnabled: true });
  expect(() => ask('images/a.png')).toThrow('does not model');
  expect(() => ask(ALL, { version: '2017-11-09' })).toThrow('does not model');
  expect(() => ask(ALL, { host: 'other' })).toThrow('ENOTFOUND other.blob.core.windows.net');
});

function begin(of: Pick<StorageAccount, 'isVersioningEnabled'> & Partial<StorageAccount>) {
  const world = createWorld();
  const [deployer] = Object.values(world.principals);
  if (deployer === undefined) throw new Error('no deployer');
  const account: StorageAccount = { id: '/subscriptions/s/media', name: 'media', ...of };
  world.storageAccounts.media = account;
  giveRole(world, deployer, 'Storage Blob Data Reader', account.id);
  const ask = (
    path: string,
    { host = 'media', clientId = deployer.clientId, version = '2021-12-02', now = EPOCH + 10 * MINUTE } = {},
  ) => {
    const url = `https://${host}.blob.core.windows.net/${path}`;
    const headers = { 'x-ms-version': version };
    const answer = request(world, { method: 'GET', url, headers, from: '203.0.113.7', clientId }, now);
    return { ...answer, text: new TextDecoder().decode(answer.body) };
  };
  return { world, account, deployer, ask };
}

/** Name, whether deleted, version, whether current, times of writing and deleting. */
function blobsIn(xml: string): string[] {
  return xml
    .split('<Blob>')
    .slice(1)
    .map((blob) => {
      const field = (name: string) => new RegExp(`<${name}>([^<]*)<`).exec(blob)?.[1];
      const time = (name: string) => field(name)?.slice(17, 25);
      const marks = [field('Deleted') && 'deleted', field('VersionId'), field('IsCurrentVersion') && 'current'];
      return [field('Name'), ...marks, time('Last-Modified'), time('DeletedTime')].filter(Boolean).join(' ');
    });
}
