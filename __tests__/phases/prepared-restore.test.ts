import { expect, test } from '@jest/globals';
import type { Database } from '../../src/azure/database-shapes.ts';
import type { Pair } from '../../src/deployment/observed.ts';
import { preparedFor } from '../../src/deployment/prepared-restore.ts';
import { prepareRollback } from '../../src/phases/prepare-rollback.ts';
import { renaming, restore, restoreDone } from '../../src/phases/rollback-restore.ts';
import { database, ID } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

const POINT = '2026-01-31T16:00:00.0000000Z';
const NAME = `shop-zdd-${ID}-prepared`;
const OURS = { 'zdd-deployment': ID, 'zdd-restored-to': POINT };
const prepared = (differences: Partial<Database> = {}) => database(NAME, { tags: OURS, ...differences });
const [pair] = seen(rows.deployed, 'rollback').observed.databases;
if (pair === undefined) throw new Error('The row has a database.');

test.each<[string, Database | null, ReturnType<typeof preparedFor>]>([
  ['there is none', null, 'none'],
  ['it holds the point', prepared(), 'ready'],
  ['it sleeps', prepared({ status: 'Paused' }), 'ready'],
  ['it is being restored', prepared({ status: 'Restoring' }), 'under-way'],
  ['it is being created', prepared({ status: 'Creating' }), 'under-way'],
  ['it failed', prepared({ status: 'Inaccessible' }), 'failed'],
  ['it holds another instant', prepared({ tags: { ...OURS, 'zdd-restored-to': 'x' } }), 'other-point'],
  ['it is of another deployment', prepared({ tags: { ...OURS, 'zdd-deployment': 'x' } }), 'foreign'],
  ['it says no instant', prepared({ tags: { 'zdd-deployment': ID } }), 'foreign'],
])('what a restore that was begun beforehand is worth: %s', (_what, found, worth) => {
  expect(preparedFor({ ...pair, prepared: found }, ID, POINT)).toBe(worth);
});

const begun = (differences: Differences & { pair?: Partial<Pair> }) => {
  const { known, observed } = seen(rows.switched, 'switch', {
    ...differences,
    inputs: { 'prepare-rollback': 'true', ...differences.inputs },
    record: { rollbackPoint: POINT, ...differences.record },
    look: { databases: [{ ...pair, ...differences.pair }] },
  });
  return prepareRollback(known, observed);
};

test('it is begun once a run, to the recorded point, where nothing stands under its name that is of use or somebody else’s', () => {
  expect(begun({})).toMatchObject([{ kind: 'prepare-restore', database: 'shop', target: NAME, point: POINT }]);
  expect(begun({})[0]).not.toHaveProperty('replaces');
  for (const kept of [prepared(), prepared({ status: 'Restoring' }), prepared({ tags: {} })])
    expect(begun({ pair: { prepared: kept } })).toEqual([]);
  for (const useless of [prepared({ status: 'Suspect' }), prepared({ tags: { ...OURS, 'zdd-restored-to': 'x' } })])
    expect(begun({ pair: { prepared: useless } })).toMatchObject([{ replaces: useless.databaseId }]);
  expect(begun({ record: { rollbackPoint: undefined } })).toMatchObject([{ point: '<the rollback point>' }]);
  expect(begun({ pair: { source: null } })).toEqual([]);
  expect(begun({ run: { done: [{ kind: 'prepare-restore', subject: NAME }] } })).toEqual([]);
  expect(begun({ inputs: { 'prepare-rollback': 'false' } })).toEqual([]);
  expect(begun({ record: { noDatabaseRollback: 'yes' } })).toEqual([]);
});

test('with several databases each is begun that is not there yet, in the place of its own', () => {
  const catalog = { ...pair, name: 'catalog', source: database('catalog') };
  const targets = (...databases: readonly Pair[]) => {
    const look = { databases };
    const inputs = { 'prepare-rollback': 'true' };
    const { known, observed } = seen(rows.switched, 'switch', { inputs, record: { rollbackPoint: POINT }, look });
    return prepareRollback(known, observed).map((step) => 'target' in step && step.target);
  };
  const its = `catalog-zdd-${ID}-prepared`;
  expect(targets(pair, catalog)).toEqual([NAME, its]);
  expect(targets({ ...pair, prepared: prepared() }, catalog)).toEqual([its]);
  expect(targets({ ...pair, source: null }, catalog)).toEqual([its]);
  expect(targets(pair, { ...catalog, prepared: database(its, { tags: OURS }) })).toEqual([NAME]);
});

const restored = (differences: Partial<Database> = {}) =>
  database(`shop-zdd-${ID}-restored`, { databaseId: 'anew', tags: OURS, ...differences });

/** The steps of a restore for attempt 2, each as its kind and what it works on. */
function steps(changes: Partial<Pair>, differences: Differences = {}) {
  const { known, observed, record } = seen(rows.deployed, 'rollback', {
    ...differences,
    record: { rollbackPoint: POINT, ...differences.record },
    look: { ...differences.look, databases: [{ ...pair, ...changes } as Pair] },
  });
  return stopOr(() => restore(known, observed, record, 2).flat());
}

const words = (found: ReturnType<typeof steps>) => {
  if (!Array.isArray(found)) return found;
  return found.map((step) =>
    [
      step.kind,
      'from' in step && step.from,
      'target' in step && step.target,
      'to' in step && step.to,
      'clone' in step && step.clone,
    ]
      .filter(Boolean)
      .join(' '),
  );
};

test('a new one is asked for from the database of before, and takes its place', () => {
  const restoredTo = `shop-zdd-${ID}-restored`;
  expect(words(steps({}))).toEqual([
    `restore-database ${restoredTo}`,
    `await-restore ${restoredTo}`,
    `tag-clone ${pair.clone?.name}`,
    `copy-retention shop ${restoredTo}`,
    `move-database shop shop-zdd-${ID}-failed`,
    `move-database ${restoredTo} shop`,
  ]);
  const asked = (inputs: Readonly<Record<string, string>>) => {
    const found = steps({}, { inputs: { 'rollback-scope': 'code-and-database', ...inputs } });
    return Array.isArray(found) ? found[0] : found;
  };
  expect(asked({})).toMatchObject({ point: POINT, attempt: 2, sourceId: pair.source?.id });
  expect(asked({ 'rollback-point': '2026-01-31T17:00:00Z' })).toMatchObject({
    point: expect.stringMatching(/^2026-01-31T17:00:00/),
  });
});

test('one that was begun beforehand takes its place, waited for where it is under way, and a new one goes on that is there', () => {
  const names = (changes: Partial<Pair>) => words(steps(changes));
  expect(names({ prepared: prepared() })).toEqual([
    `await-restore ${NAME}`,
    `tag-clone ${NAME}`,
    `tag-clone ${pair.clone?.name}`,
    `copy-retention shop ${NAME}`,
    `move-database shop shop-zdd-${ID}-failed`,
    `move-database ${NAME} shop`,
  ]);
  expect(steps({ prepared: prepared() })).toMatchObject([{ tolerated: true }, {}, {}, {}, {}, {}]);
  expect(names({ prepared: prepared({ status: 'Restoring' }) })).toContain(`await-restore ${NAME}`);
  expect(names({ prepared: prepared({ status: 'Restoring' }), restored: restored() })).toContain(
    `await-restore shop-zdd-${ID}-restored`,
  );
  expect(names({ prepared: prepared(), restored: restored() })).toContain(`await-restore ${NAME}`);
  for (const useless of [
    prepared({ status: 'Suspect' }),
    prepared({ tags: {} }),
    prepared({ tags: { ...OURS, 'zdd-restored-to': 'x' } }),
  ])
    expect(names({ prepared: useless })).toContain(`restore-database shop-zdd-${ID}-restored`);
});

test('what has the name of our restore is taken for it only with proof', () => {
  const drifted = { kind: 'drifted' };
  expect(words(steps({ restored: restored() }))).toContain(`await-restore shop-zdd-${ID}-restored`);
  expect(steps({ restored: restored({ tags: { ...OURS, 'zdd-restored-to': 'x' } }) })).toMatchObject(drifted);
  expect(steps({ restored: restored({ tags: {} }) })).toMatchObject(drifted);
  const later = { ...OURS, 'zdd-restored-to': POINT.replace('0Z', '1Z') };
  expect(steps({ restored: restored({ tags: later }) })).toMatchObject(drifted);
});

test('with several databases each goes its own way: one is in place, of one the restore was begun, one is asked for', () => {
  const moved = { underName: database('shop', { databaseId: 'anew' }), successorId: 'anew', successorOf: 2 };
  const of = (name: string): Pair => {
    const original = database(name);
    const clone = database(`${name}-zdd-${ID}`);
    return { ...pair, name, clone, original, source: original, underName: original, sourceId: original.databaseId };
  };
  const begun = database(`catalog-zdd-${ID}-prepared`, { tags: OURS });
  const databases = [{ ...of('catalog'), prepared: begun }, of('search'), { ...pair, ...moved }];
  const { known, observed, record } = seen(rows.deployed, 'rollback', {
    record: { rollbackPoint: POINT },
    look: { databases },
  });
  const plan = restore(known, observed, record, 2).flat();
  expect(plan.flatMap((step) => (step.kind === 'restore-database' ? [step.database] : []))).toEqual(['search']);
  expect(plan.flatMap((step) => (step.kind === 'await-restore' ? [step.target] : [])).toSorted()).toEqual([
    begun.name,
    `search-zdd-${ID}-restored`,
  ]);
  const moves = plan.flatMap((step) => (step.kind === 'move-database' ? [step.to] : []));
  expect(moves.toSorted()).toEqual(['catalog', `catalog-zdd-${ID}-failed`, 'search', `search-zdd-${ID}-failed`]);
  expect(restoreDone(observed, 2)).toBe(false);
});

test('without a tag Azure’s own list of operations proves it; a tag to another instant is believed more', () => {
  const { name } = restored();
  const kind = (tags: Readonly<Record<string, string>>) => {
    const found = steps({ restored: restored({ tags }) }, { look: { madeByCopy: { [name]: '' } } });
    return Array.isArray(found) ? found[0]?.kind : `${found.kind}: ${found.happened}`;
  };
  expect(kind({})).toBe('await-restore');
  expect(kind({ ...OURS, 'zdd-restored-to': 'x' })).toMatch(/^drifted: .*it was restored to x, and/);
  expect(steps({ restored: restored({ tags: {} }) })).toMatchObject({
    happened: expect.stringContaining('nothing proves that it is our restore'),
  });
});

test('one that does not say for which attempt it is, or to which instant, is told so before anything hangs on it', () => {
  const told = (tags: Readonly<Record<string, string>>) => {
    const found = steps({ restored: restored({ tags }), successorId: 'anew', successorOf: 2 });
    return Array.isArray(found) ? found.filter((step) => step.kind === 'tag-clone') : found;
  };
  const all = { 'zdd-deployment': ID, 'zdd-restored-to': POINT, 'zdd-restored-for': '2' };
  expect(told(all)).toEqual([]);
  for (const tag of ['zdd-restored-to', 'zdd-restored-for'])
    expect(told({ ...all, [tag]: undefined as unknown as string })).toMatchObject([
      { clone: restored().name, tags: all },
    ]);
  expect(told({ ...all, 'zdd-restored-for': '1' })).toMatchObject([{ tags: all }]);
});

test('which one it is stands in the tags of the copy, and nowhere when the copy is lost', () => {
  const tags = (changes: Partial<Pair>) => {
    const found = steps(changes);
    return Array.isArray(found) ? found.flatMap((step) => (step.kind === 'tag-clone' ? [step.tags] : [])) : found;
  };
  const successor = restored({ tags: { ...OURS, 'zdd-restored-for': '2' } });
  expect(tags({ restored: successor })).toEqual([{ 'zdd-successor-id': 'anew', 'zdd-successor-of': '2' }]);
  expect(tags({})).toMatchObject([{ 'zdd-successor-id': expect.stringContaining('restored database') }]);
  expect(tags({ restored: successor, clone: null })).toEqual([]);
});

test('why one that was begun beforehand is of no use is said where a new one is asked for', () => {
  const why = (found: Database | null) => {
    const [first] = [steps({ prepared: found })].flat();
    return first && 'because' in first ? first.because : '';
  };
  const [none, ...others] = [
    why(null),
    why(prepared({ status: 'Suspect' })),
    why(prepared({ tags: { ...OURS, 'zdd-restored-to': 'x' } })),
    why(prepared({ tags: {} })),
  ];
  expect(none).toMatch(/is wanted back$/);
  expect(new Set([none, ...others]).size).toBe(4);
  for (const each of others) expect(each).toMatch(/is wanted back, and /);
});

test('a restore is waited for once a run', () => {
  const done = [{ kind: 'await-restore', subject: restored().name }];
  expect(words(steps({ restored: restored() }, { run: { done } }))).not.toContain(`await-restore ${restored().name}`);
});

test('what is recorded as the successor stays it, whatever else is there by now', () => {
  const successor = restored({ tags: { ...OURS, 'zdd-restored-for': '2' } });
  const recorded = { restored: successor, successorId: 'anew', successorOf: 2, prepared: prepared() };
  expect(words(steps(recorded))).toContain(`move-database ${successor.name} shop`);
});

test('a successor of an earlier attempt is set aside like any other database, and one in place is left there', () => {
  const earlier = database('shop', { databaseId: 'earlier' });
  const before = { underName: earlier, original: earlier, successorId: 'earlier', successorOf: 1 };
  expect(words(steps({ ...before, restored: restored() }))).toContain(`move-database shop shop-zdd-${ID}-failed`);
  expect(steps({ ...before, successorOf: 2 })).toEqual([]);
});

test('retention is copied to what there is, from what there is, once', () => {
  const retention = (changes: Partial<Pair>, differences: Differences = {}) =>
    [words(steps(changes, differences))].flat().filter((each) => String(each).startsWith('copy-retention'));
  expect(retention({ restored: restored() })).toHaveLength(1);
  expect(retention({ restored: restored(), source: null })).toEqual([]);
  const done = [{ kind: 'copy-retention', subject: restored().name }];
  expect(retention({ restored: restored() }, { run: { done } })).toEqual([]);
  // Nobody knows where the recorded successor is: none is asked for that is none.
  expect(retention({ successorId: 'anew', successorOf: 2 })).toEqual([]);
});

test('names have begun to change hands where one has none under it, or has its successor', () => {
  const isRenaming = (...changes: readonly Partial<Pair>[]) => {
    const databases = changes.map((change) => ({ ...pair, ...change }));
    return renaming(seen(rows.deployed, 'rollback', { look: { databases } }).observed, 2);
  };
  const away = { underName: null };
  const moved = { underName: database('shop', { databaseId: 'anew' }), successorId: 'anew', successorOf: 2 };
  expect([isRenaming({}), isRenaming(away), isRenaming(moved)]).toEqual([false, true, true]);
  expect(isRenaming({}, away)).toBe(true);
  expect(isRenaming({ ...moved, successorOf: 1 })).toBe(false);
  expect(isRenaming({ ...moved, successorId: 'another' })).toBe(false);
  const done = (...changes: readonly Partial<Pair>[]) =>
    restoreDone(
      seen(rows.deployed, 'rollback', { look: { databases: changes.map((each) => ({ ...pair, ...each })) } }).observed,
      2,
    );
  expect([done(moved, moved), done(moved, {})]).toEqual([true, false]);
});

test('the source is the database of before, by its id, under its own name or one that was set aside', () => {
  const renamed = database('renamed-by-hand', { databaseId: pair.sourceId ?? '' });
  expect(steps({ source: renamed })).toMatchObject({
    kind: 'drifted',
    next: expect.stringContaining('renamed it by hand'),
  });
  const found = steps({ source: database('SHOP', { databaseId: 'x' }) });
  expect(found).toMatchObject({ 0: { database: 'SHOP' } });
  expect(steps({ source: null, sourceId: undefined })).toMatchObject({
    happened: expect.stringContaining('databaseId unknown'),
  });
  expect(words(steps({ source: renamed, setAside: [renamed] }))).toContain(`restore-database shop-zdd-${ID}-restored`);
  expect(words(steps({ source: database('SHOP', { databaseId: pair.sourceId ?? '' }) }))).toContain(
    `restore-database shop-zdd-${ID}-restored`,
  );
  expect(steps({ source: null })).toMatchObject({ kind: 'drifted', happened: expect.stringContaining('is gone') });
});

test('each step is passed over that is seen to be done', () => {
  const successor = restored({ tags: { ...OURS, 'zdd-restored-for': '2' } });
  const recorded = { restored: successor, successorId: 'anew', successorOf: 2 };
  expect(words(steps(recorded))).toEqual([
    `copy-retention shop ${successor.name}`,
    `move-database shop shop-zdd-${ID}-failed`,
    `move-database ${successor.name} shop`,
  ]);
  const away = { ...recorded, underName: null };
  const retained = { run: { done: [{ kind: 'copy-retention', subject: successor.name }] } } as const;
  expect(words(steps(away, retained))).toEqual([`move-database ${successor.name} shop`]);
  const failed = database(`shop-zdd-${ID}-failed`, { databaseId: 'older' });
  expect(words(steps({ ...recorded, setAside: [failed] }, retained))).toContain(
    `move-database shop shop-zdd-${ID}-failed2`,
  );
  // Azure tells names apart whatever their case.
  const shouted = database(failed.name.toUpperCase(), { databaseId: 'older' });
  expect(words(steps({ ...recorded, setAside: [shouted] }, retained))).toContain(
    `move-database shop shop-zdd-${ID}-failed2`,
  );
  const moved = { ...successor, name: 'shop' };
  const inPlace = { ...recorded, restored: null, underName: moved, original: moved };
  expect(words(steps(inPlace))).toEqual([]);
  const done = (changes: Partial<Pair>) =>
    restoreDone(seen(rows.deployed, 'rollback', { look: { databases: [{ ...pair, ...changes }] } }).observed, 2);
  expect([done(inPlace), done(recorded), done({ ...inPlace, successorOf: 1 })]).toEqual([true, false, false]);
});
