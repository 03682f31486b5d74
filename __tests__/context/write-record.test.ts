import { expect, test } from '@jest/globals';
import { writeRecord, writeTags } from '../../src/context/write-record.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { parseRecord, recordTags } from '../../src/deployment/record-tags.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { answer, refusal, stage } from '../apply/scene.ts';
import { PAIR, recordOf } from '../apply/sketch.ts';
import { CLONE, database, NOW } from '../phases/observed.ts';

type Tags = Readonly<Record<string, string>>;

const SLOT = 'zdd-readonly';
const POINT = '2026-01-31T14:00:00.0000000Z';
const CLOSED = recordOf();
/** Visitors can only read. */
const OPEN = recordOf({
  swaps: 1,
  settledSwaps: 1,
  rollbackPoint: POINT,
  windowOpenedAt: NOW,
  readOnlyReady: { at: NOW, copy: 'seen' },
});
const ALL = ['clone', 'original'];

/** A deployment with this record in the clone, and with these tags of it on the original and on the readonly slot. */
async function recorded(record: DeploymentRecord, original: Tags = {}, slotTags: Tags = { 'zdd-slot': 'yes' }) {
  const there = await stage();
  const clone = there.add(CLONE, { tags: recordTags(record) });
  const [server] = Object.values(there.world.sql.servers);
  const shop = Object.values(server?.databases ?? {}).find(({ name }) => name === 'shop');
  if (shop === undefined) throw new Error('The world has a database.');
  shop.tags = { team: 'shop', ...original };
  const slot = there.slot(SLOT);
  slot.tags = { ...slotTags };
  const from = there.clock.now();
  const second = () => Math.floor((there.clock.now() - from) / 1000);
  const slotReads: number[] = [];
  const writes: { readonly at: number; readonly to: string; readonly tags: Tags }[] = [];
  let before: (to: string, request: HttpRequest) => HttpResponse | undefined = () => undefined;
  there.answering((request) => {
    const [, name] = /\/(?:databases|slots)\/([^/?]+)/.exec(request.url) ?? [];
    const to = name === CLONE ? 'clone' : name === 'shop' ? 'original' : 'slot';
    if (request.method === 'PATCH')
      writes.push({ at: second(), to, tags: JSON.parse(String(request.body)).properties.tags });
    if (request.method === 'GET' && to === 'slot') slotReads.push(second());
    return before(to, request);
  });
  /** What a look sees now. */
  const look = async (differences: Partial<Observed> = {}) => {
    const seen = database('shop', { tags: shop.tags });
    const pair = { ...PAIR, original: seen, source: seen, underName: seen };
    const ours = [database(CLONE, { tags: clone.tags })];
    return there.seen({ record, recordIn: 'clone', ours, databases: [pair], ...differences });
  };
  return {
    ...there,
    ...{ writes, slotReads, second, look, clone, shop, slot },
    places: () => writes.map(({ to }) => to),
    answers(with_: typeof before) {
      before = with_;
    },
  };
}

const read = ({ tags }: { readonly tags: Tags }) => {
  const parsed = parseRecord(tags);
  return parsed && 'read' in parsed ? parsed.read : undefined;
};

test('before the first swap the fields alone are written, to the clone alone, and are there when the phase goes on', async () => {
  const { clone, shop, writes, look } = await recorded(CLOSED);
  delete clone.tags['zdd-actor'];
  await writeRecord(await look(), { readOnlyReady: { at: NOW, copy: 'seen' } });
  expect(writes).toEqual([{ at: 0, to: 'clone', tags: { 'zdd-read-only-ready': `${NOW}|seen` } }]);
  expect(clone.tags).toMatchObject({ 'zdd-read-only-ready': `${NOW}|seen` });
  expect(shop.tags).toEqual({ team: 'shop' });
});

test('the first field of all is recorded where there is no record yet', async () => {
  const { clone, writes, look } = await recorded(CLOSED);
  clone.tags = {};
  await writeRecord(await look({ record: null }), { lock: 'held' });
  expect(writes).toMatchObject([{ to: 'clone', tags: { 'zdd-lock': 'held' } }]);
  expect(writes).toHaveLength(1);
});

test('the record is completed by what the look did not find of it, and by nothing where it found all', async () => {
  const { clone, writes, look, places } = await recorded(CLOSED);
  await writeRecord(await look(), {});
  expect(writes).toEqual([]);
  delete clone.tags['zdd-actor'];
  clone.tags['zdd-verdict'] = 'of|passed|ann';
  await writeRecord(await look(), {});
  expect(writes).toMatchObject([{ to: 'clone', tags: { 'zdd-actor': 'ann', 'zdd-verdict': '-' } }]);
  expect(Object.keys(writes[0]?.tags ?? {})).toHaveLength(2);
  expect(places()).toEqual(['clone']);
});

test('from the first swap on clone and original get the whole record at once, numbered, and what a dead run sent late is written over', async () => {
  const record = { ...OPEN, windowOpenedAt: undefined, settledSwaps: 0, entry: 6 };
  const { clone, shop, writes, look } = await recorded(record);
  const scene = await look();
  // Admitted after the look.
  clone.tags = { ...clone.tags, 'zdd-candidate': 'new|3|zdd-staging', 'zdd-verdict': 'of|passed|ann' };
  await writeRecord(scene, { settledSwaps: 1 });
  expect(writes.map(({ at, to }) => [at, to])).toEqual([
    [0, 'clone'],
    [0, 'original'],
  ]);
  for (const place of [clone, shop]) expect(read(place)).toEqual({ ...record, settledSwaps: 1, entry: 7 });
  expect(shop.tags).toMatchObject({ team: 'shop', 'zdd-lock': 'held' });
});

test('the rollback point, from which on there is something to lose, goes to the original as well', async () => {
  const { clone, shop, look, places } = await recorded(CLOSED);
  await writeRecord(await look(), { rollbackPoint: POINT });
  expect(places()).toEqual(ALL);
  for (const place of [clone, shop]) expect(read(place)).toEqual({ ...CLOSED, rollbackPoint: POINT, entry: 1 });
});

test('each write of a look goes on from the one before it', async () => {
  const record = { ...OPEN, windowOpenedAt: undefined };
  const { clone, shop, look } = await recorded(record);
  const scene = await look();
  const fields = { otherWriters: 'ann', visitorsOnOriginalSince: NOW, attempt: 1, completedAt: NOW };
  for (const [name, value] of Object.entries(fields)) await writeRecord(scene, { [name]: value });
  for (const place of [clone, shop]) expect(read(place)).toEqual({ ...record, ...fields, entry: 4 });
});

test('where the record lies on the original itself it is written once, and a database that only a tag names gets no mirror', async () => {
  const record = { ...OPEN, windowOpenedAt: undefined, settledSwaps: 0 };
  const lost = await recorded(record, recordTags(record));
  await writeRecord(await lost.look({ recordDatabase: 'shop', recordIn: 'mirror', ours: [] }), { settledSwaps: 1 });
  expect(lost.places()).toEqual(['original']);
  expect(read(lost.shop)).toEqual({ ...record, settledSwaps: 1, entry: 1 });
  // What stood there already is not sent again: it was seen.
  expect(lost.writes[0]?.tags).not.toHaveProperty('zdd-actor');
  const foreign = await recorded(record);
  await writeRecord(await foreign.look({ databases: [{ ...PAIR, clone: null }] }), { settledSwaps: 1 });
  expect(foreign.places()).toEqual(['clone']);
});

test('in the window the journal has it at once, and clone and original come to the same without anybody waiting', async () => {
  const { clone, shop, slot, writes, slotReads, look, second, clock } = await recorded(OPEN);
  const scene = await look();
  const reads = slotReads.length;
  await writeRecord(scene, { attempt: 1, fingerprint: 'print' });
  expect([second(), writes.map(({ to }) => to)]).toEqual([0, ['slot']]);
  expect(slot.tags).toMatchObject({ 'zdd-entry': '1', 'zdd-attempt': '1', 'zdd-deployment': OPEN.deploymentId });
  // A tag that a dead run sent after the look.
  clone.tags = { ...clone.tags, 'zdd-verdict': 'of|passed|ann' };
  await writeRecord(scene, { deployBegun: 'print' });
  expect(slot.tags).toMatchObject({ 'zdd-entry': '2', 'zdd-attempt': '1', 'zdd-deploy-begun': 'print' });
  await writeRecord(scene, { migrated: 0 });
  // Azure has said at once what the slot bears now: nobody asks again while visitors wait.
  expect(slotReads).toHaveLength(reads);
  await clock.sleep(20_000);
  for (const place of [clone, shop])
    expect(read(place)).toEqual({
      ...OPEN,
      attempt: 1,
      fingerprint: 'print',
      deployBegun: 'print',
      migrated: 0,
      entry: 3,
    });
});

test('what the journal says already is not written, and the next entry has the next number', async () => {
  const record = { ...OPEN, attempt: 1, entry: 3 };
  const { slot, writes, look } = await recorded(record);
  await writeRecord(await look(), { attempt: 1 });
  expect([writes.length, slot.tags['zdd-entry']]).toEqual([1, '4']);
  const now = { ...record, entry: 4 };
  await writeRecord(await look({ record: now }), { attempt: 1 });
  expect(writes).toHaveLength(1);
  await writeRecord(await look({ record: now }), { attempt: 2 });
  expect(slot.tags).toMatchObject({ 'zdd-entry': '5', 'zdd-attempt': '2' });
});

test('what was recorded since a look is known until the next one, which sees for itself', async () => {
  const { slot, look, writes } = await recorded(OPEN);
  const scene = await look();
  await writeRecord(scene, { attempt: 1 });
  slot.tags = { 'zdd-slot': 'yes' };
  await writeRecord(await look({ record: { ...OPEN } }), { migrated: 0 });
  expect(writes.at(-1)).toMatchObject({ to: 'slot', tags: { 'zdd-entry': '1', 'zdd-migrated': '0' } });
  expect(writes.at(-1)?.tags['zdd-attempt'] ?? '0').toBe('0');
});

test('a record that is completed in the window stands in the databases as the journal has it', async () => {
  const { clone, shop, look, places } = await recorded(OPEN);
  const scene = await look();
  await writeRecord(scene, { attempt: 1 });
  await writeRecord(scene, {});
  for (const place of [clone, shop]) expect(read(place)).toEqual({ ...OPEN, attempt: 1, entry: 1 });
  expect(places()[0]).toBe('slot');
  expect(places().filter((to) => to === 'slot')).toHaveLength(1);
});

test('what goes to the databases ends the writes that follow the journal, which would put it back', async () => {
  const { clone, shop, look, writes, clock, second } = await recorded(OPEN);
  const scene = await look();
  await writeRecord(scene, { attempt: 1 });
  await clock.sleep(100);
  await writeRecord(scene, { windowClosedAt: NOW });
  const ended = second();
  const there = { ...OPEN, attempt: 1, windowClosedAt: NOW, entry: 2 };
  for (const place of [clone, shop]) expect(read(place)).toEqual(there);
  await clock.sleep(120_000);
  expect(writes.filter(({ at }) => at > ended)).toEqual([]);
  for (const place of [clone, shop]) expect(read(place)).toEqual(there);
});

test('a slot that is not ours keeps no journal, nor does one that is to be swapped', async () => {
  const foreign = await recorded(OPEN, {}, { team: 'shop' });
  await writeRecord(await foreign.look(), { attempt: 1 });
  expect([foreign.places(), foreign.slot.tags]).toEqual([ALL, { team: 'shop' }]);
  const gone = await recorded(OPEN);
  await writeRecord(await gone.look({ readonlySlot: null }), { attempt: 1 });
  expect(gone.places()).toEqual(ALL);
});

test('a journal that refuses is told, and the databases have the entry', async () => {
  const { clone, shop, look, answers, places, infos } = await recorded(OPEN);
  answers((to, { method }) => (to === 'slot' && method === 'PATCH' ? refusal(403, 'Denied') : undefined));
  await writeRecord(await look(), { attempt: 1 });
  expect(places()).toEqual(['slot', ...ALL]);
  expect(infos).toEqual([
    expect.stringMatching(/^Slot zdd-readonly does not take the record, so the databases do: .*Denied/),
  ]);
  for (const place of [clone, shop]) expect(read(place)).toEqual({ ...OPEN, attempt: 1, entry: 1 });
});

test('a journal counts as written when it shows all of an entry, and only so long is it waited for', async () => {
  const late = await recorded(OPEN);
  late.answers((to, { method, body }) => {
    if (to !== 'slot' || method !== 'PATCH') return undefined;
    // Azure answers with what was there, and shows a part of it before the rest.
    const { tags } = JSON.parse(String(body)).properties;
    late.slot.tags = { ...late.slot.tags, 'zdd-entry': '1' };
    late.clock.sleep(5000).then(() => Object.assign(late.slot.tags, tags));
    return answer(200, { properties: { tags: late.slot.tags } });
  });
  const scene = await late.look();
  await writeRecord(scene, { attempt: 1 });
  expect(late.second()).toBeGreaterThanOrEqual(5);
  expect(late.second()).toBeLessThan(7);
  expect(late.places()).toEqual(['slot']);
  const never = await recorded(OPEN);
  never.answers((to, { method }) => (to === 'slot' && method === 'PATCH' ? answer(202, {}) : undefined));
  await writeRecord(await never.look(), { attempt: 1 });
  expect(never.writes.map(({ at, to }) => [at, to])).toEqual([
    [0, 'slot'],
    [20, 'clone'],
    [20, 'original'],
  ]);
  expect(never.infos).toEqual([
    expect.stringMatching(/databases do: Waited 20 s for the tags of slot zdd-readonly to show; last seen: not yet/),
  ]);
});

test('a run that is cancelled while its journal does not show writes nothing more', async () => {
  const { look, answers, cancelled, clock, places } = await recorded(OPEN);
  answers((to, { method }) => (to === 'slot' && method === 'PATCH' ? answer(202, {}) : undefined));
  const writing = writeRecord(await look(), { attempt: 1 });
  const at = clock.now() + 4500;
  clock.sleep(4500).then(() => cancelled.abort(new Error('the run was cancelled')));
  await expect(writing).rejects.toThrow('the run was cancelled');
  expect(clock.now()).toBe(at);
  expect(places()).toEqual(['slot']);
});

test('a write that follows the journal ends with the run, and when the databases are written by somebody else', async () => {
  for (const end of ['stop', 'cancel'] as const) {
    const { look, answers, cancelled, clock, writes } = await recorded(OPEN);
    answers((to, { method }) => (to !== 'slot' && method === 'PATCH' ? answer(202, {}) : undefined));
    const scene = await look();
    await writeRecord(scene, { attempt: 1 });
    await clock.sleep(3000);
    if (end === 'stop') await scene.context.behind.stop();
    else cancelled.abort(new Error('the run was cancelled'));
    await clock.sleep(200_000);
    // Otherwise it would be sent again after a minute.
    expect(writes.map(({ to }) => to)).toEqual(['slot', ...ALL]);
  }
});

test('what is recorded at the same time is written one after the other, and one that fails holds up nobody', async () => {
  const { slot, look, answers, writes, clone } = await recorded(OPEN);
  const scene = await look();
  await Promise.all([writeRecord(scene, { attempt: 1 }), writeRecord(scene, { migrated: 1 })]);
  expect(slot.tags).toMatchObject({ 'zdd-entry': '2', 'zdd-attempt': '1', 'zdd-migrated': '1' });
  answers((_to, { method }) => (method === 'PATCH' ? refusal(403, 'Denied') : undefined));
  const failing = writeRecord(scene, { attempt: 2 });
  const next = writeRecord(scene, { attempt: 3 });
  await expect(failing).rejects.toThrow('Denied');
  answers(() => undefined);
  await next;
  expect(writes.at(-1)).toMatchObject({ tags: { 'zdd-attempt': '3' } });
  expect(read(clone)?.attempt ?? 0).toBeLessThan(3);
});

test('what one write of a look changed the next one puts back, though the look saw it so', async () => {
  const { clone, look } = await recorded({ ...CLOSED, stoppedJobs: ['mails'] });
  const scene = await look();
  await writeRecord(scene, { stoppedJobs: ['mails', 'stock'] });
  await writeRecord(scene, { stoppedJobs: ['mails'] });
  expect(read(clone)?.stoppedJobs).toEqual(['mails']);
});

const TAGS = { 'zdd-one': '1', 'zdd-two': '2' };

test('tags of a database are sent again a minute after Azure has lost them, and named when they never show', async () => {
  const { look, answers, writes, clone, second } = await recorded(CLOSED);
  answers((_to, { method }) => (method === 'PATCH' && writes.length < 2 ? answer(202, {}) : undefined));
  await writeTags(await look(), CLONE, TAGS);
  expect(clone.tags).toMatchObject(TAGS);
  expect(writes).toHaveLength(2);
  expect(second()).toBeGreaterThanOrEqual(60);
  expect(second()).toBeLessThan(75);
  const never = await recorded(CLOSED);
  never.answers((_to, { method }) => (method === 'PATCH' ? answer(202, {}) : undefined));
  never.clone.tags = { ...never.clone.tags, 'zdd-one': '1' };
  await expect(writeTags(await never.look(), CLONE, TAGS)).rejects.toMatchObject({
    happened: `Waited 5 min 0 s for the tags of database ${CLONE} to show; last seen: zdd-two not yet.`,
    next: expect.stringContaining('Run the phase again'),
  });
  expect(never.writes).toHaveLength(5);
});

test('a database that is busy is asked again as long as it takes, and told of as that', async () => {
  const { look, answers, writes, clock, second } = await recorded(CLOSED);
  const busy = refusal(409, 'ConflictingDatabaseOperation');
  answers((_to, { method }) => (method === 'PATCH' && second() < 30 ? busy : undefined));
  await writeTags(await look(), CLONE, TAGS);
  expect(writes.length).toBeGreaterThan(20);
  answers((_to, { method }) => (method === 'PATCH' ? busy : undefined));
  await clock.sleep(1);
  await expect(writeTags(await look(), CLONE, { 'zdd-three': '3' })).rejects.toThrow(
    'last seen: Azure is busy with the database',
  );
});

test('what Azure may have carried out all the same is looked for first, and sent again five times', async () => {
  const carriedOut = await recorded(CLOSED);
  const trouble = refusal(503, 'ServiceUnavailable');
  carriedOut.answers((_to, { method }) => {
    if (method !== 'PATCH') return undefined;
    Object.assign(carriedOut.clone.tags, TAGS);
    return trouble;
  });
  const accepted: number[] = [];
  await writeTags(await carriedOut.look(), CLONE, TAGS, () => accepted.push(carriedOut.second()));
  expect([carriedOut.writes.length, accepted]).toEqual([1, []]);
  const lasting = await recorded(CLOSED);
  lasting.answers((_to, { method }) => (method === 'PATCH' ? trouble : undefined));
  await expect(writeTags(await lasting.look(), CLONE, TAGS)).rejects.toThrow('ServiceUnavailable');
  expect(lasting.writes).toHaveLength(6);
  expect(lasting.second()).toBeGreaterThanOrEqual(75);
});

test('a refusal ends it at once; who waits is told when Azure has accepted it, before it shows', async () => {
  const there = await recorded(CLOSED);
  const accepted: number[] = [];
  await writeTags(await there.look(), CLONE, TAGS, () => accepted.push(there.second()));
  expect(accepted).toEqual([0]);
  expect(there.second()).toBeGreaterThanOrEqual(5);
  there.answers((_to, { method }) => (method === 'PATCH' ? refusal(403, 'Denied') : undefined));
  await expect(writeTags(await there.look(), CLONE, { 'zdd-one': '3' })).rejects.toThrow('Denied');
  expect([there.writes.length, accepted]).toEqual([2, [0]]);
});

test('a run that is cancelled waits for no tags', async () => {
  const { look, answers, cancelled, clock, second } = await recorded(CLOSED);
  answers((_to, { method }) => (method === 'PATCH' ? answer(202, {}) : undefined));
  const writing = writeTags(await look(), CLONE, TAGS);
  clock.sleep(3500).then(() => cancelled.abort(new Error('the run was cancelled')));
  await expect(writing).rejects.toThrow('the run was cancelled');
  expect(second()).toBeLessThan(5);
});

test('what was read of a database before its tags were written is not used again, what was read of others is', async () => {
  const { look } = await recorded(CLOSED);
  const scene = await look();
  const { databases } = scene.context.known;
  for (const name of [CLONE, 'shop']) databases.set(`id-of-${name}`, { listed: database(name), read: database(name) });
  await writeTags(scene, CLONE, TAGS);
  expect([...databases.keys()]).toEqual(['id-of-shop']);
});
