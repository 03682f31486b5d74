import { expect, test } from '@jest/globals';
import { Stop } from '../../src/errors.ts';
import { deploy } from '../../src/phases/deploy.ts';
import type { Step } from '../../src/steps/steps.ts';
import { connectionTo, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after } from './walk.ts';

type Row = keyof typeof rows;

function found(row: Row, differences: Differences = {}) {
  const { known, observed } = seen(rows[row], 'deploy', differences);
  return stopOr(() => deploy.plan(known, observed));
}

function steps(row: Row, differences: Differences = {}): readonly Step[] {
  const plan = found(row, differences);
  if (!Array.isArray(plan)) throw plan;
  return plan.flat();
}

const kinds = (row: Row, differences: Differences = {}) => steps(row, differences).map(({ kind }) => kind);
const SAID = { because: expect.any(String) };
const PROOF = { kind: 'prove-instance', slot: 'zdd-staging', as: 'started', ...SAID };
const { observed: deployed } = seen(rows.deployed, 'deploy');
const STARTED = { started: { 'zdd-staging': deployed.stagingSlot?.markerText ?? '' } };

test('all that a new build is given has its place on the way', () => {
  const inputs = {
    ...{ 'migrate-command': 'npm run migrate', 'after-start-command': 'npm run warm', 'setup-command': 'npm ci' },
    ...{ 'keep-files': 'media/', 'prepare-rollback': 'true' },
  };
  const plan = kinds('switched', { inputs });
  expect(plan.slice(0, 2)).toEqual(['set-up', 'check-again']);
  const way = ['record', 'carry-files', 'set-read-write', 'migrate', 'write-settings', 'start-slot', 'after-start'];
  const places = way.map((kind) => plan.indexOf(kind as Step['kind']));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places).not.toContain(-1);
  expect(plan).toContain('prepare-restore');
  expect(plan.slice(-4)).toEqual(['prove-instance', 'after-start', 'prove-instance', 'record']);
  for (const command of ['migrate-command', 'after-start-command'] as const)
    expect(kinds('switched', { inputs: { 'setup-command': 'npm ci', [command]: 'x' } })[0]).toBe('set-up');
  expect(kinds('switched').filter((kind) => kind === 'prove-instance')).toHaveLength(1);
  for (const step of steps('switched', { inputs })) expect(step).toMatchObject(SAID);
});

test('what is done is not done again: a healthy candidate is proven once a run, and recorded once', () => {
  expect(steps('deployed')).toEqual([PROOF]);
  expect(steps('deployed', { run: STARTED })).toEqual([]);
  expect(steps('deployed', { run: { started: { 'zdd-staging': 'other' } } })).toEqual([PROOF]);
  const candidate = { role: 'new', attempt: 1, slot: 'zdd-staging' };
  const recorded = { kind: 'record', fields: { candidate }, ...SAID };
  expect(steps('deployed', { run: STARTED, record: { candidate: undefined } })).toEqual([recorded]);
  expect(steps('switched').at(-1)).toEqual(recorded);
  const stopped = slot('zdd-staging', { ...deployed.stagingSlot, state: 'Stopped' });
  expect(kinds('deployed', { look: { stagingSlot: stopped }, inputs: { 'keep-files': 'media/' } })).toEqual([
    'start-slot',
    'prove-instance',
  ]);
});

test('a build that waits disarmed is uploaded where it is not there, and armed only when its turn has come', () => {
  const plan = steps('switched', { look: { stagingSlot: null } });
  const of = plan.filter((step) => 'slot' in step && step.slot === 'zdd-staging').map(({ kind }) => kind);
  const bring = ['create-slot', 'stop-slot', 'write-settings', 'upload-build', 'write-settings'];
  expect(of).toEqual([...bring, 'write-settings', 'start-slot', 'prove-instance']);
  const armed = plan.findLastIndex(({ kind }) => kind === 'write-settings');
  expect(armed).toBeGreaterThan(plan.findIndex(({ kind }) => kind === 'set-read-write'));
  const written = plan.flatMap((step) => (step.kind === 'write-settings' ? [step.settings.connectionStrings] : []));
  expect(written.map((strings) => Object.keys(strings).length > 0)).toEqual([false, false, true]);
});

test('an armed build gives way to a command that changes databases under it', () => {
  const inputs = { 'migrate-command': 'npm run migrate', 'keep-files': 'media/' };
  const migrated = after([['deploy', inputs]], rows.switched);
  const { known, observed } = seen(migrated, 'deploy', { inputs, record: { migrated: 0 } });
  const plan = deploy.plan(known, observed).flat();
  const places = (kind: Step['kind']) => plan.flatMap((step, index) => (step.kind === kind ? [index] : []));
  const [migrate = -1] = places('migrate');
  expect(places('stop-slot')[0]).toBeLessThan(migrate);
  expect(places('carry-files')[0]).toBeLessThan(migrate);
  expect(places('await-quiet')[0]).toBeLessThan(migrate);
  expect(places('write-settings').at(-1)).toBeGreaterThan(migrate);
  expect(places('start-slot')).toEqual([expect.any(Number)]);
  expect(places('start-slot')[0]).toBeGreaterThan(migrate);
  // Without a command that is open nothing of it is touched.
  const done = seen(migrated, 'deploy', { inputs });
  expect(deploy.plan(done.known, done.observed)).toEqual([[PROOF]]);
});

test('what a swap would carry is brought to a build that has its settings', () => {
  const stagingSlot = slot('zdd-staging', { ...deployed.stagingSlot, travelling: { nodeVersion: '18' } });
  expect(kinds('deployed', { look: { stagingSlot } })).toContain('match-config');
});

test('after a rollback that was cut off late writes are awaited first, once', () => {
  const record = { rollbackUnderWay: { scope: 'code', attempt: 1, databases: 'settled' } } as Differences['record'];
  const cut = record === undefined ? {} : { record };
  // But for the record, which both its places must have.
  expect(steps('deployed', cut).find(({ kind }) => kind !== 'record')).toEqual({ kind: 'await-late-writes', ...SAID });
  const done = [{ kind: 'await-late-writes', subject: '' }];
  expect(kinds('deployed', { ...cut, run: { done } })).not.toContain('await-late-writes');
  expect(kinds('deployed')).not.toContain('await-late-writes');
});

test('nothing is deployed where the window does not allow it, and each refusal says what to run', () => {
  const { production } = rows.switched;
  expect(found('ready')).toMatchObject({ kind: 'refused', happened: expect.stringContaining('on the read-only copy') });
  expect(found('switched', { record: { rollbackPoint: undefined } })).toMatchObject({
    happened: 'No rollback point is recorded.',
  });
  const lost = { rollbackPoint: undefined, deployBegun: deployed.now };
  expect(found('switched', { record: lost })).toMatchObject({ kind: 'drifted' });
  const sql = { shop: { readOnly: false, schemaVersion: '1' } };
  expect(found('switched', { look: { sql } })).toMatchObject({
    happened: expect.stringContaining('shop takes writes'),
  });
  const written = slot('production', { ...production, connectionStrings: connectionTo('shop') });
  expect(found('switched', { look: { production: written } })).toMatchObject({
    next: expect.stringContaining('makes the read-only copy anew'),
  });
  const stop = new Stop('failed', 'It did not start.', 'Look.');
  const run = { didNotStart: { slot: 'zdd-staging', stop } };
  expect(found('switched', { run })).toMatchObject({ next: expect.stringContaining('fixed package') });
  expect(found('switched', { run: { didNotStart: { slot: 'other', stop } } })).toBeInstanceOf(Array);
});

test('a slot that visitors may be routed to is not written, and is no matter where it is as it should be', () => {
  const routed = (row: Row) => ({
    look: { production: slot('production', { ...rows[row].production, routed: true }) },
  });
  expect(found('switched', routed('switched'))).toMatchObject({ kind: 'refused' });
  expect(steps('deployed', routed('deployed'))).toEqual([PROOF]);
});
