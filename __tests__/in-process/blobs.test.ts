import { beforeAll, expect, test } from '@jest/globals';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { giveRole } from '../../simulator/model/arm/role-assignments.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { cloneWorld } from '../../simulator/model/model.ts';
import { deleteBlob, putBlob } from '../../simulator/model/storage/blobs.ts';
import type { StorageAccount } from '../../simulator/model/storage/state.ts';
import type { World } from '../../simulator/model/world.ts';
import type { BlobReview } from '../../src/deployment/blob-changes.ts';
import type { Ports } from '../../src/ports.ts';
import { reportFile } from '../../src/summary/report-file.ts';
import { reviewPage } from '../../src/summary/review-page.ts';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin } from './trial.ts';

const INPUTS = { 'storage-account': 'media' };
const READER = 'Storage Blob Data Reader';
const EVIL = 'x|<img src=a onerror=b> [c](javascript:d)\u202e&amp; ::error::e.png';

let deployed: { readonly world: World; readonly now: number };
/** When the copies were complete. */
let snapshot = 0;
beforeAll(async () => {
  const trial = begin();
  await trial.through('clone');
  snapshot = trial.clock.now();
  await trial.through('read-only', 'switch', 'deploy');
  deployed = { world: trial.world, now: trial.clock.now() };
});

test('reviewers see which blobs were deleted or overwritten since the snapshot, in all parts of the list', async () => {
  const { blobs, page, html, json } = await validated((account, now) => {
    account.mostInAnswer = 3;
    account.softDeleteDays = 7;
    account.isVersioningEnabled = false;
    for (const name of ['dropped-before', 'dropped-since']) putBlob(account, `docs/${name}.pdf`, EPOCH - 60_000);
    deleteBlob(account, 'docs/dropped-before.pdf', EPOCH);
    deleteBlob(account, 'docs/dropped-since.pdf', now - 20_000);
    account.isVersioningEnabled = true;
    for (const name of ['changed', 'changed-before', EVIL, 'untouched', 'without-current'])
      putBlob(account, `images/${name}`, EPOCH - 60_000);
    putBlob(account, 'images/changed-before', EPOCH);
    putBlob(account, 'images/changed', now - 30_000);
    putBlob(account, `images/${EVIL}`, now - 10_000);
    putBlob(account, 'images/new', now - 5_000);
    putBlob(account, 'images/new', now - 4_000);
    deleteBlob(account, 'images/without-current', now - 3_000);
  });
  expect(blobs?.changes.map(({ container, name, what }) => `${container}/${name} ${what}`)).toEqual([
    `images/${EVIL} overwritten`,
    'docs/dropped-since.pdf deleted',
    'images/changed overwritten',
    'images/without-current gone',
  ]);
  expect(blobs).toMatchObject({ deleted: 1, overwritten: 2, gone: 1, containers: 2, blobs: 8, isCut: false });
  expect(page).toContain(': 1 deleted, 2 overwritten, and 1 gone, perhaps before');
  expect(page).toContain('A rollback of the databases does not bring blobs back');
  expect(page).toMatch(/\| `docs\/dropped-since\.pdf` \| deleted \| 2026-09-01 \d\d:\d\d:\d\d \|/);
  expect(page).toContain('| `images/without-current` | gone | not before 2026-09-01 07:59:00 |');
  // What refuseUnfit looks for in every run; here something was there to be refused.
  expect(page).toContain('`images/x\\|<img src=a onerror=b> [c](javascript:d) &amp; ::error::e.png`');
  expect(html).toContain('x|&lt;img src=a onerror=b&gt;');
  expect(json.blobs).toMatchObject({ account: 'media', overwritten: 2 });
  expect(json.blobs.since).toBe(blobs?.since);
  expect(Date.parse(blobs?.since ?? '')).toBeLessThanOrEqual(snapshot);
});

test('where nothing has changed that is said, and what cannot be seen without versions as well', async () => {
  const { page, blobs } = await validated((account) => {
    account.isVersioningEnabled = false;
    putBlob(account, 'images/a.png', EPOCH - 60_000);
  });
  expect(blobs).toMatchObject({ changes: [], blobs: 1, isCut: false });
  expect(page).toMatch(/In `media` since \S+: 0 deleted, 0 overwritten\.\n\nNone has versions/);
  expect(page).not.toContain('does not bring blobs back');
});

const unseen: [string, string, (account: StorageAccount, now: number, world: World) => void][] = [
  ['who has no role', 'which `Storage Blob Data Reader` on `media` would let it', (_, __, world) => withoutRole(world)],
  [
    'who sees containers and no blobs',
    'which `Storage Blob Data Reader` on `media` would let it',
    (account, _, world) => {
      withoutRole(world);
      const [deployer] = Object.values(world.principals);
      if (deployer) giveRole(world, deployer, 'Reader', account.id);
    },
  ],
  [
    'a runner that is not let in',
    'lets in nobody from where this runner is',
    (account) => void Object.assign(account, { network: 'firewall' }),
  ],
  ['an account that is not there', 'gave no answer in time', (_, __, world) => void delete world.storageAccounts.media],
];

test.each(unseen)('%s is told so in one line, and the verdict stands', async (_, told, make) => {
  const { page, html, took } = await validated((account, now, world) => {
    putBlob(account, 'images/a.png', EPOCH - 60_000);
    putBlob(account, 'images/a.png', now);
    make(account, now, world);
  });
  const section = page.split('#### Blobs since the snapshot\n\n')[1]?.split('\n\n')[0] ?? '';
  expect(section).toContain(told);
  expect(section.split('\n')).toHaveLength(1);
  expect(page).not.toContain('images/a.png');
  expect(html).toContain('Blobs since the snapshot');
  expect(took).toBeLessThan(30_000);
});

test('of an account that is too large the first are looked at, and no blob is judged by a part of its versions', async () => {
  const { page, blobs } = await validated((account, now) => {
    account.mostInAnswer = 3;
    for (let nr = 0; nr < 25; nr++) putBlob(account, `c${nr}-x/a.png`, EPOCH - 60_000);
    // Its current version is the 16th entry, and five parts are asked for.
    for (let nr = 10; nr < 24; nr++) putBlob(account, `c0-x/b${nr}.png`, EPOCH - 60_000);
    putBlob(account, 'c0-x/b23.png', now);
  });
  expect(blobs).toMatchObject({ changes: [], isCut: true, containers: 15 });
  expect(page).toContain(`Only ${blobs?.blobs} blobs, in 15 containers, were looked at; there are more.`);
});

test('who may list some containers sees those, and that there are more', async () => {
  const { page, blobs } = await validated((account, now, world) => {
    for (const at of ['images/a.png', 'private/b.png']) {
      putBlob(account, at, EPOCH - 60_000);
      putBlob(account, at, now);
    }
    withoutRole(world);
    const [deployer] = Object.values(world.principals);
    if (deployer === undefined) throw new Error('no deployer');
    giveRole(world, deployer, 'Reader', account.id);
    giveRole(world, deployer, READER, `${account.id}/blobServices/default/containers/images`);
  });
  expect(blobs).toMatchObject({ overwritten: 1, containers: 1, isCut: true, unseen: undefined });
  expect(page).toContain('Only 1 blobs, in 1 containers, were looked at');
  expect(page).not.toContain('private');
});

test('an account that does not answer is waited for no longer than its time, and what was seen by then is told', async () => {
  const { page, blobs, took } = await validated(
    (account, now) => {
      for (const container of ['images', 'slow']) putBlob(account, `${container}/a.png`, EPOCH - 60_000);
      putBlob(account, 'images/a.png', now);
    },
    (ports) => ({
      ...ports,
      send: async (request, signal) => {
        if (request.url.includes('/slow?')) await ports.clock.sleep(3_600_000, signal);
        return ports.send(request, signal);
      },
    }),
  );
  expect(blobs).toMatchObject({ overwritten: 1, isCut: true, containers: 1, unseen: undefined });
  expect(page).toContain('Only 1 blobs, in 1 containers');
  expect(took).toBeLessThan(30_000);
});

test('nothing but lists is asked of the account, and its token goes nowhere else', async () => {
  const asked = new Set<string>();
  await validated(
    (account) => putBlob(account, 'images/a.png', EPOCH - 60_000),
    (ports) => ({
      ...ports,
      send: (request, signal) => {
        const { host, searchParams } = new URL(request.url);
        if (host.includes('blob')) asked.add(`${request.method} ${host} ${searchParams.get('comp')}`);
        return ports.send(request, signal);
      },
    }),
  );
  expect([...asked]).toEqual(['GET media.blob.core.windows.net list']);
});

test('without storage-account nobody asks', async () => {
  const { page, blobs } = await validated(() => undefined, undefined, {});
  expect(blobs).toBeUndefined();
  expect(page).not.toContain('Blobs since');
});

/** `validate` on a deployment that has come to it, with a storage account that the deployer may read. */
async function validated(
  make: (account: StorageAccount, now: number, world: World) => void,
  around: (ports: Ports) => Ports = (ports) => ports,
  inputs: Readonly<Record<string, string>> = INPUTS,
) {
  const world = cloneWorld(deployed.world);
  const clock = virtualClock(deployed.now + 60_000);
  const id = `/subscriptions/${world.subscriptionId}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/media`;
  const account: StorageAccount = { id, name: 'media', isVersioningEnabled: true };
  world.storageAccounts.media = account;
  const [deployer] = Object.values(world.principals);
  if (deployer === undefined) throw new Error('no deployer');
  giveRole(world, deployer, READER, id);
  const before = clock.now();
  make(account, before, world);
  const report = await begin({}, { world, clock, around }).run('validate', inputs);
  if (report.failure) throw new Error(report.failure.happened);
  const blobs: BlobReview | undefined = report.phases[0]?.review?.blobs;
  return {
    blobs,
    page: summaryOf(report),
    html: reviewPage(report) ?? '',
    json: JSON.parse(reportFile(report)).phases[0].review,
    took: clock.now() - before,
  };
}

function withoutRole(world: World): void {
  for (const principal of Object.values(world.principals))
    principal.roles = principal.roles.filter(({ name }) => name !== READER);
}
