import { expect, test } from '@jest/globals';
import { blobReview } from '../../src/apply/blob-review.ts';
import type { HttpResponse } from '../../src/ports.ts';
import { type Stage, stage } from './scene.ts';
import { PAIR } from './sketch.ts';

const SINCE = '2026-01-31T10:00:00Z';
const CLONED = {
  ...PAIR,
  cloneTags: { deploymentId: 'x', source: 'shop', sourceId: 'x', requestedAt: SINCE, completedAt: SINCE },
};

const xml = (items: readonly string[], next = ''): HttpResponse => ({
  status: 200,
  headers: {},
  body: new TextEncoder().encode(
    `<EnumerationResults>${items.join('')}<NextMarker>${next}</NextMarker></EnumerationResults>`,
  ),
});
const refused = (code: string): HttpResponse => ({
  status: 403,
  headers: { 'x-ms-error-code': code },
  body: new Uint8Array(),
});
const container = (name: string) => `<Container><Name>${name}</Name></Container>`;
const blob = (name: string, time: string, deleted = '') =>
  `<Blob><Name>${name}</Name><VersionId>2026-01-31T${time}Z</VersionId>${deleted ? `<Deleted>true</Deleted><DeletedTime>2026-01-31T${deleted}Z</DeletedTime>` : '<IsCurrentVersion>true</IsCurrentVersion>'}</Blob>`;

/** What the account answers for its containers (''), and for each. */
async function reviewed(answers: (container: string, next: string | null) => HttpResponse, there?: Stage) {
  const on = there ?? (await stage({ 'storage-account': 'shopblobs' }));
  on.answering(({ url }) => {
    const { host, pathname, searchParams } = new URL(url);
    return host.startsWith('shopblobs.') ? answers(pathname.slice(1), searchParams.get('marker')) : undefined;
  });
  return blobReview(on.scene({ databases: [CLONED, PAIR] }));
}

const OLD = blob('a', '09:00:00', '10:30:00');

test('what became of blobs since the copy is told from all containers, the newest first', async () => {
  const review = await reviewed((name) => {
    if (name === '') return xml([container('one'), container('two'), container('../x')]);
    return name === 'one' ? xml([OLD]) : xml([blob('b', '09:00:00', '10:40:00'), blob('c', '09:00:00')]);
  });
  expect(review).toMatchObject({
    account: 'shopblobs',
    since: SINCE,
    unseen: undefined,
    isCut: false,
    hasVersions: true,
  });
  expect(review).toMatchObject({ containers: 2, blobs: 3, deleted: 2, overwritten: 0, gone: 0 });
  expect(review?.changes.map(({ container: its, name }) => `${its}/${name}`)).toEqual(['two/b', 'one/a']);
});

test('a list is read in its parts; of one that does not end the last blob is not judged', async () => {
  const whole = await reviewed((name, next) => {
    if (name === '') return next ? xml([container('two')]) : xml([container('one')], 'more');
    return next ? xml([blob('z', '09:00:00')]) : xml([OLD], 'more');
  });
  expect(whole).toMatchObject({ containers: 2, blobs: 4, deleted: 2, isCut: false });
  const endless = await reviewed((name) => (name === '' ? xml([container('one')]) : xml([OLD], 'more')));
  expect(endless).toMatchObject({ containers: 1, blobs: 0, deleted: 0, isCut: true, unseen: undefined });
});

test('a list is read to its fifth part, and of a longer one it is said that there is more', async () => {
  for (const parts of [5, 6]) {
    const review = await reviewed((name, next) => {
      const at = Number(next ?? 1);
      return name === '' ? xml([container('one')]) : xml([blob(`b${at}`, '09:00:00')], at < parts ? `${at + 1}` : '');
    });
    expect(review).toMatchObject(parts === 5 ? { blobs: 5, isCut: false } : { blobs: 4, isCut: true });
  }
});

test('an account keeps versions where one blob has one, also if others were written before it did', async () => {
  const plain = '<Blob><Name>p</Name><Last-Modified>Sat, 31 Jan 2026 09:00:00 GMT</Last-Modified></Blob>';
  const of = (...blobs: string[]) => reviewed((name) => xml(name === '' ? [container('one')] : blobs));
  expect([(await of(plain, OLD))?.hasVersions, (await of(plain))?.hasVersions]).toEqual([true, false]);
});

test('more containers than there is time for are said to be left', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => container(`box-${index}`));
  for (const count of [20, 21]) {
    const review = await reviewed((name) => (name === '' ? xml(many(count)) : xml([])));
    expect(review).toMatchObject({ containers: 20, isCut: count > 20 });
  }
});

test.each([
  ['AuthorizationPermissionMismatch', 'no-right'],
  ['AuthorizationFailure', 'network'],
])('who may see nothing is told why: %s', async (code, unseen) => {
  expect(await reviewed(() => refused(code))).toMatchObject({ unseen, containers: 0, isCut: true, changes: [] });
  expect(await reviewed((name) => (name === '' ? xml([container('one')]) : refused(code)))).toMatchObject({ unseen });
});

test('what was seen counts, also where one container may not be looked into', async () => {
  const review = await reviewed((name) => {
    if (name === '') return xml([container('one'), container('two')]);
    return name === 'one' ? xml([OLD]) : refused('AuthorizationPermissionMismatch');
  });
  expect(review).toMatchObject({ unseen: undefined, containers: 1, deleted: 1, isCut: true });
});

test('an account that gives no answer is told as such, and what was seen until then counts', async () => {
  const broken = (): never => {
    throw new Error('no route');
  };
  expect(await reviewed(broken)).toMatchObject({ unseen: 'no-answer', isCut: true, changes: [] });
  const review = await reviewed((name) => {
    if (name === '') return xml([container('one'), container('two')]);
    return name === 'one' ? xml([OLD]) : broken();
  });
  expect(review).toMatchObject({ unseen: undefined, containers: 1, deleted: 1, isCut: true });
});

test('a run that was cancelled ends; one without an account or a copy asks nobody', async () => {
  const there = await stage({ 'storage-account': 'shopblobs' });
  const cancelled = reviewed(() => {
    there.cancelled.abort(new Error('cancelled'));
    throw new Error('no route');
  }, there);
  await expect(cancelled).rejects.toThrow('cancelled');
  expect(await blobReview((await stage()).scene({ databases: [CLONED] }))).toBeUndefined();
  const account = await stage({ 'storage-account': 'shopblobs' });
  expect(await blobReview(account.scene({ databases: [PAIR] }))).toBeUndefined();
});

test('an account that holds no container at all was seen, and is whole', async () => {
  expect(await reviewed(() => xml([]))).toMatchObject({ unseen: undefined, containers: 0, isCut: false });
});

test('of very many changes the newest have room, and all are counted', async () => {
  const minute = (index: number) => `10:${String(index % 60).padStart(2, '0')}:00`;
  const blobs = Array.from({ length: 2001 }, (_, index) => blob(`b${index}`, '09:00:00', minute(index + 1)));
  const review = await reviewed((name) => xml(name === '' ? [container('one')] : blobs));
  expect([review?.changes.length, review?.deleted]).toEqual([2000, 2001]);
  expect(review?.changes.at(0)?.at).toBe('2026-01-31T10:59:00.000Z');
  expect(review?.changes.at(-1)?.at).toBe('2026-01-31T10:00:00.000Z');
});
