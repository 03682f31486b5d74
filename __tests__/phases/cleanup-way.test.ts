import { describe, expect, test } from '@jest/globals';
import { disarmedSettings } from '../../src/deployment/instances.ts';
import type { Companion, Observed, Slot } from '../../src/deployment/observed.ts';
import { cleanup } from '../../src/phases/cleanup.ts';
import type { Step } from '../../src/steps/steps.ts';
import { connectionTo, database, ID, otherApp, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

type Row = keyof typeof rows;

function batches(row: Row, differences: Differences = {}, more: Partial<Observed> = {}) {
  const { known, observed } = seen(rows[row], 'cleanup', differences);
  return stopOr(() => cleanup.plan(known, { ...observed, ...more }));
}

function steps(...given: Parameters<typeof batches>): readonly Step[] {
  const found = batches(...given);
  if (!Array.isArray(found)) throw found;
  return found.flat();
}

const kinds = (...given: Parameters<typeof batches>) => steps(...given).map(({ kind }) => kind);
const SAID = { because: expect.any(String) };
const OURS = { tags: { 'zdd-deployment': ID } };
const SECOND = `catalog-zdd-${ID}`;
const { observed: look, known } = seen(rows.completed, 'cleanup');
const BARE = {
  ...disarmedSettings(known, look, 'emptied', undefined),
  ...{ state: 'Stopped', tags: { 'zdd-slot': 'yes' } },
};
const bare = (differences: Partial<Slot> = {}) => ({
  readonlySlot: slot('zdd-readonly', { ...BARE, ...differences }),
  stagingSlot: slot('zdd-staging', BARE),
});
const emptied = ['zdd-readonly', 'zdd-staging'].map((subject) => ({ kind: 'empty-slot', subject }));
const withSecond = { ours: [...look.ours, database(SECOND, OURS)] };

test('all that a deployment has done elsewhere is undone, and the record goes after all that it tells of', () => {
  const tags = { 'zdd-restored-to': '2026-01-31T14:00:00Z', ...look.databases[0]?.original?.tags };
  const databases = look.databases.map((pair) => ({
    ...pair,
    original: pair.original && { ...pair.original, tags },
    successorId: pair.original?.databaseId,
  }));
  const from = (where: Partial<Observed>) =>
    kinds('completed', {
      inputs: { 'pause-auto-swap': 'qa', 'lost-writes-file': '/tmp/lost.json' },
      record: { mode: 'read-write', suspended: ['auto-swap=qa'], stoppedApps: ['rg/admin'] },
      look: {
        ...withSecond,
        databases,
        teamSlots: [{ name: 'qa', id: 'qa', autoSwapWith: null }],
        otherApps: [otherApp('rg/admin', 'Stopped')],
        strayRules: ['zdd-rule'],
        ...where,
      },
    });
  const found = from({});
  expect(found[0]).toBe('keep-lost-writes');
  expect(found).toEqual(
    expect.arrayContaining(['start-app', 'delete-firewall-rules', 'set-auto-swap', 'remove-our-tags', 'empty-slot']),
  );
  expect(found.filter((kind) => kind === 'delete-database')).toHaveLength(2);
  expect(found.slice(-2)).toEqual(['remove-mirror', 'delete-database']);
  // The clone with the record is gone: it is read from the mirror on the database that a rollback restored.
  const mirrored = from({ recordIn: 'mirror', recordDatabase: databases[0]?.original?.name ?? '' });
  expect(mirrored.slice(-2)).toEqual(['remove-our-tags', 'remove-mirror']);
  expect(mirrored).toContain('set-auto-swap');
});

test('what somebody else has to do first is refused, and nothing is taken away', () => {
  expect(batches('completed', { record: { suspended: ['auto-swap=qa'] } })).toMatchObject({ kind: 'refused' });
  expect(batches('switched')).toMatchObject({ kind: 'refused', next: expect.stringContaining('"rollback"') });
  expect(batches('deployed')).toMatchObject({ kind: 'refused', next: expect.stringContaining('"complete"') });
  // By its marker alone, and by a setting alone.
  expect(batches('switched', {}, { ours: [] })).toMatchObject({
    happened: expect.stringContaining('the read-only copy'),
  });
  const named = slot('production', { ...look.production, connectionStrings: connectionTo(look.recordDatabase) });
  expect(batches('completed', {}, { production: named })).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining(`serves ${look.recordDatabase}:`),
  });
  const written = slot('production', { ...rows.switched.production, connectionStrings: connectionTo('shop') });
  expect(batches('switched', {}, { production: written })).toMatchObject({ kind: 'drifted' });
  const production = slot('production', { appSettings: { ZDD_INSTANCE: `${ID}/read-only/1` } });
  expect(batches('completed', {}, { record: null, production })).toMatchObject({ kind: 'drifted' });
});

test('what visitors wrote to a copy is kept before the copy goes, once, where that is asked for', () => {
  const asked = { inputs: { 'lost-writes-file': '/tmp/lost.json' }, record: { mode: 'read-write' } } as const;
  const kept = { kind: 'keep-lost-writes', path: '/tmp/lost.json', ...SAID };
  expect(steps('completed', asked)[0]).toEqual(kept);
  const databases = look.databases.map((pair) => ({ ...pair, clone: null }));
  // One that is left is enough.
  expect(steps('completed', asked, { databases: [...databases, ...look.databases] })[0]).toEqual(kept);
  for (const other of [
    { ...asked, inputs: {} },
    { ...asked, record: { mode: 'read-only' } } as const,
    { ...asked, look: { databases } },
    { ...asked, run: { done: [{ kind: 'keep-lost-writes', subject: '' }] } },
  ])
    expect(kinds('completed', other)).not.toContain('keep-lost-writes');
});

test('originals are opened when visitors left the window by hand, and only those that are closed', () => {
  const { production } = rows.ready;
  const open = (sql: Observed['sql'], record: Differences['record'] = {}) =>
    steps('switched', { record, look: { production, sql } }).filter(({ kind }) => kind === 'set-read-write');
  const [closed, isOpen] = [true, false].map((readOnly) => ({ shop: { readOnly, schemaVersion: '1' } }));
  expect(open(closed as Observed['sql'])).toEqual([{ kind: 'set-read-write', database: 'shop', ...SAID }]);
  expect(open(isOpen as Observed['sql'])).toEqual([]);
  expect(open({})).toEqual([]);
  expect(open(closed as Observed['sql'], { windowOpenedAt: undefined })).toEqual([]);
  expect(open(closed as Observed['sql'], { completedAt: look.now })).toEqual([]);
});

describe('a slot of ours', () => {
  const of = (name: string, ...given: Parameters<typeof steps>) =>
    steps(...given).filter((step) => 'slot' in step && step.slot === name);
  const emptying = (differences: Partial<Slot>, more: Differences = {}) =>
    of('zdd-readonly', 'completed', more, bare(differences));

  test('is stopped, disarmed and emptied, each where it is not', () => {
    const settings = disarmedSettings(known, look, 'emptied', undefined);
    const stop = { kind: 'stop-slot', slot: 'zdd-readonly', ...SAID };
    const write = { kind: 'write-settings', slot: 'zdd-readonly', settings, once: false, ...SAID };
    const empty = { kind: 'empty-slot', slot: 'zdd-readonly', ...SAID };
    expect(emptying({ state: 'Running', appSettings: { A: '1' } })).toEqual([stop, write, empty]);
    expect(emptying({ appSettings: { A: '1' } })).toEqual([write, empty]);
    expect(emptying({ state: 'Running' })).toEqual([stop, empty]);
    expect(emptying({})).toEqual([empty]);
    expect(emptying({ travelling: { linuxFxVersion: 'DOCKER|shop:1' } })).toEqual([]);
    expect(emptying({}, { run: { done: emptied } })).toEqual([]);
  });

  test('of somebody else is left alone', () => {
    expect(emptying({ tags: {}, appSettings: { A: '1' } })).toEqual([]);
  });

  test('that visitors may be routed to is not written, and is no matter where nothing is to be written', () => {
    const production = slot('production', { ...look.production, routed: true });
    expect(batches('completed', {}, { ...bare(), production })).toMatchObject({ kind: 'refused' });
    expect(kinds('completed', { run: { done: emptied } }, { ...bare(), production })).toContain('remove-mirror');
  });

  test('is kept where it may be the only live build that there is, and then does not write', () => {
    const LIVE = { state: 'Running', appSettings: { A: '1' } };
    const asked = { inputs: { 'keep-live-build': 'true' } };
    const kept = [{ kind: 'stop-slot', slot: 'zdd-readonly', because: expect.stringContaining('kept') }];
    expect(emptying(LIVE, asked)).toEqual(kept);
    expect(emptying({ ...LIVE, state: 'Stopped' }, asked)).toEqual([]);
    expect(emptying({ ...LIVE, appSettings: { ZDD_INSTANCE: `${ID}/live/1` } }, asked)).toEqual(kept);
    const isEmptied = expect.arrayContaining([expect.objectContaining({ kind: 'empty-slot' })]);
    expect(emptying({ ...LIVE, appSettings: { ZDD_INSTANCE: `${ID}/read-only/1` } }, asked)).toEqual(isEmptied);
    expect(emptying(LIVE)).toEqual(isEmptied);
    // Nobody was moved yet, and nobody has swapped it: production has the live build.
    expect(emptying(LIVE, { ...asked, record: { windowOpenedAt: undefined } })).toEqual(isEmptied);
    // Without "complete" nobody says that another build will do.
    const { production } = rows.ready;
    expect(of('zdd-readonly', 'switched', { look: { ...bare(LIVE), production, sql: {} } })).toEqual(kept);
  });

  test.each([
    ['2027-01-31T12:00:00Z', 'zdd-readonly', true],
    ['2020-01-31T12:59:00Z', 'zdd-readonly', false],
    ['2027-01-31T12:00:00Z', 'zdd-staging', false],
  ])('may hold the live build when it was swapped by hand since: at %s, slot %s', (at, source, isKept) => {
    const swapStatus = { at, source, destination: 'Production' };
    const production = slot('production', { ...rows.cloned.production, swapStatus });
    const { readonlySlot } = bare({ state: 'Running', appSettings: { SHOP_NAME: 'Shop' } });
    const found = of('zdd-readonly', 'cloned', {}, { production, readonlySlot });
    expect(found.map(({ kind }) => kind).includes('empty-slot')).toBe(!isKept);
  });
});

test('databases go when no slot leads to one any more', () => {
  const at = (...given: Parameters<typeof batches>) => {
    const found = batches(...given);
    if (!Array.isArray(found)) throw found;
    const index = (kind: string) => found.findIndex((batch) => batch.some((step: Step) => step.kind === kind));
    return { drop: index('delete-database'), write: index('write-settings'), empty: index('empty-slot') };
  };
  const armed = at('completed', { look: withSecond }, bare({ appSettings: { A: '1' } }));
  expect(armed.drop).toBeGreaterThan(armed.write);
  const late = at('completed', { look: withSecond, run: { done: emptied } }, bare({ appSettings: { A: '1' } }));
  expect(late.drop).toBeGreaterThan(late.write);
  const disarmed = at('completed', { look: withSecond }, bare());
  expect(disarmed).toEqual({ drop: 0, write: -1, empty: 0 });
});

test('apps that moved along lose what was made for them, in their own name', () => {
  const { app } = look;
  const slots = {
    readonlySlot: slot('zdd-readonly', { state: 'Running' }),
    stagingSlot: slot('zdd-staging', { tags: {} }),
  };
  const companion: Companion = {
    key: 'rg/admin',
    does: 'read-only',
    look: { app, production: look.production, ...slots, newBuild: null, liveImage: null },
  };
  const theirs = steps('completed', { run: { done: emptied } }, { ...bare(), companions: [companion] }).filter(
    ({ of }) => of === 'rg/admin',
  );
  expect(theirs.map((step) => [step.kind, 'slot' in step && step.slot])).toEqual([
    ['stop-slot', 'zdd-readonly'],
    ['write-settings', 'zdd-readonly'],
    ['empty-slot', 'zdd-readonly'],
  ]);
});

test('a lock keeps what it keeps, the record with it, and nothing else', () => {
  const locked = (name: string) => ({ run: { locked: { [name]: 'ScopeLocked' }, done: emptied } });
  const found = (name: string) => steps('completed', { ...locked(name), look: withSecond }, bare());
  expect(found('unknown')).toMatchObject([{ kind: 'delete-database', database: SECOND }]);
  const stop = batches('completed', { ...locked(SECOND), look: withSecond }, bare());
  expect(stop).toMatchObject({
    kind: 'failed',
    happened: expect.stringContaining(`${SECOND} from being deleted: Scope`),
  });
});

test('without the clone the mirror that is the record outlives those that a rollback set aside', () => {
  const [pair] = look.databases;
  const setAside = [database(`shop-zdd-${ID}-failed`, { tags: { ...OURS.tags, 'zdd-lock': 'held' } })];
  const databases = pair ? [{ ...pair, setAside }] : [];
  const found = steps('completed', {}, { databases, recordIn: 'mirror', recordDatabase: 'shop' });
  const mirrors = found.flatMap((step) => (step.kind === 'remove-mirror' ? [step.database] : []));
  expect(mirrors.indexOf(`shop-zdd-${ID}-failed`)).toBeLessThan(mirrors.indexOf('shop'));
});

test('without a record what is left is found by its names and tags', () => {
  const left = (more: Partial<Observed>, run: Differences['run'] = {}) =>
    batches('completed', { run }, { record: null, recordIn: null, production: rows.start.production, ...more });
  const ours = [database(SECOND, OURS), database('users-zdd-20260101-aaaaa'), database(`${SECOND}-failed`, OURS)];
  const none = { ours: [], databases: [] };
  const dropped = { kind: 'delete-database', database: SECOND, databaseId: `id-of-${SECOND}`, ...SAID };
  expect(left({ ...none, ours })).toEqual([[dropped]]);
  expect(left({ ...none, ours }, { locked: { [SECOND]: 'ScopeLocked' } })).toMatchObject({ kind: 'failed' });
  expect(left(none)).toEqual([]);
  expect(left({ ...none, strayRules: ['zdd-rule'] })).toEqual([
    [{ kind: 'delete-firewall-rules', rules: ['zdd-rule'], ...SAID }],
  ]);
  // A lock keeps a rule, too.
  const rules = left({ ...none, strayRules: ['zdd-rule', 'zdd-kept'] }, { locked: { 'zdd-kept': 'ScopeLocked' } });
  expect(rules).toMatchObject([[{ rules: ['zdd-rule'] }]]);
  expect(left({ ours: [] })).toMatchObject([[{ kind: 'remove-mirror', database: 'shop' }]]);
});
