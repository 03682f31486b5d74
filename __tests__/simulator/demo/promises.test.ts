import { expect, test } from '@jest/globals';
import { type Evidence, judge } from '../../../simulator/demo/promises.ts';
import { SCENARIOS, type Scenario } from '../../../simulator/demo/scenarios.ts';
import type { Visit } from '../../../simulator/demo/visit.ts';

const CLONE = 'shop-zdd-20260101-abcde';
const LIVE = { instance: 'a', version: '1.0.0', database: 'shop', marker: '' };
const COPY = { instance: 'b', version: '1.0.0', database: CLONE, marker: '20260101-abcde/read-only/1' };
const NEW = { instance: 'c', version: '2.0.0', database: 'shop', marker: '20260101-abcde/new/1' };

function scenario(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name);
  if (!found) throw new Error(`No scenario ${name}`);
  return found;
}

/** Ten seconds on the live build, ten on the read-only copy, ten on the new build; all as promised. */
function goodVisits(): Visit[] {
  const visits: Visit[] = [];
  for (let at = 0; at < 30_000; at += 100) {
    const served = at < 10_000 ? LIVE : at < 20_000 ? COPY : NEW;
    visits.push({ kind: 'read', path: '/', at, ms: 5, status: 200, ...served });
    const answer = served === COPY ? { status: 503, refusedBy: 'application' } : { status: 201 };
    visits.push({ kind: 'write', path: '/orders', id: `order-${at}`, at, ms: 5, ...answer, ...served });
  }
  return visits;
}

function evidence(more: Partial<Evidence> = {}): Evidence {
  const visits = more.visits ?? goodVisits();
  const happy = scenario('happy');
  return {
    scenario: happy,
    variant: undefined,
    forgetful: false,
    from: 0,
    until: 30_000,
    visits,
    phases: [{ name: 'clone', from: 2000, until: 5000, changed: true, succeeded: true }],
    stored: new Set(visits.filter(({ status }) => status === 201).map(({ id }) => id ?? '')),
    original: 'shop',
    starts: happy.starts.map((start) => ({ start, ended: start.ends })),
    announced: '',
    production: { version: '2.0.0', database: 'shop', readOnly: false },
    leftovers: [],
    contents: undefined,
    stalls: [],
    unmodelled: [],
    ...more,
  };
}

function broken(more: Partial<Evidence>): string[] {
  return judge(evidence(more))
    .filter((check) => check.held === false)
    .map((check) => check.promise);
}

function changed(wanted: (visit: Visit) => boolean, change: Partial<Visit>): Visit[] {
  return goodVisits().map((visit) => (wanted(visit) ? { ...visit, ...change } : visit));
}

test('a good run must keep every promise', () => {
  expect(broken({})).toEqual([]);
});

test('one failed read must break a promise', () => {
  const visits = changed(({ kind, at }) => kind === 'read' && at === 15_000, { status: 502, instance: '' });
  expect(broken({ visits })).toEqual(['No visitor saw an error.']);
});

test('a read that waited for this machine in vain is not called broken, and not called kept; another one is', () => {
  const visits = changed(({ at }) => at === 15_000, {
    status: 0,
    ms: 10_000,
    error: 'no answer in 10 s',
    instance: '',
  });
  const seen = (stalls: Evidence['stalls'], all = visits) =>
    judge(evidence({ visits: all, stalls })).find(({ promise }) => promise === 'No visitor saw an error.');
  expect(seen([])).toMatchObject({ held: false });
  expect(seen([{ from: 15_000, until: 19_000 }])).toMatchObject({ held: false });
  const starving = [{ from: 15_000, until: 24_000 }];
  expect(seen(starving)).toMatchObject({ held: undefined, seen: expect.stringContaining('2 of these waited') });
  const refused = visits.map((visit) => (visit.at === 16_000 ? { ...visit, status: 502, instance: '' } : visit));
  expect(seen(starving, refused)).toMatchObject({ held: false });
});

test('an order without an honest answer must break a promise', () => {
  const visits = changed(({ kind, at }) => kind === 'write' && at === 15_000, { status: 0, error: 'reset' });
  expect(broken({ visits })).toContain('No visitor saw an error.');
});

test('a second without an answered read must break a promise', () => {
  const visits = goodVisits().filter(({ kind, at }) => kind === 'write' || at < 12_000 || at > 13_000);
  expect(broken({ visits })).toEqual(['The shop never stood still for a second.']);
});

test('a gap in which this machine let nobody ask is not called broken, and not called kept', () => {
  const visits = goodVisits().filter(({ at, ms }) => at + ms < 6000 || at > 7500);
  const gap = (stalls: Evidence['stalls']) =>
    judge(evidence({ visits, stalls })).find(({ promise }) => promise === 'The shop never stood still for a second.');
  expect(gap([])).toMatchObject({ held: false });
  expect(gap([{ from: 6100, until: 6300 }])).toMatchObject({ held: false });
  expect(
    gap([
      { from: 6100, until: 7000 },
      { from: 6500, until: 6900 },
      { from: 6600, until: 7400 },
      { from: 9000, until: 9900 },
    ]),
  ).toMatchObject({
    held: undefined,
    seen: expect.stringContaining('For 1300 ms of it this machine let nobody ask, or answer.'),
  });
});

test('an order lost between the copy and the switch must break both promises about it', () => {
  const stored = new Set(evidence().stored);
  stored.delete('order-7000');
  expect(broken({ stored })).toEqual([
    'Every order that was accepted is in the database.',
    'Orders made after the database was copied and before visitors moved are kept.',
  ]);
});

test('an order that the read-only copy accepts must break a promise', () => {
  const visits = changed(({ id }) => id === 'order-15000', { status: 201 });
  expect(broken({ visits })).toEqual(['While visitors are on the read-only copy, the shop itself refuses orders.']);
});

test('a forgetful build must be refused by its database, not by itself', () => {
  expect(broken({ forgetful: true })).toEqual(['A build that forgets to be read-only is refused by its database.']);
  const visits = changed(({ refusedBy }) => refusedBy !== undefined, { refusedBy: 'database' });
  expect(broken({ forgetful: true, visits })).toEqual([]);
});

test('in read-write mode exactly the orders made on the copy must be lost, and announced', () => {
  const visits = goodVisits().map((visit) => (visit.kind === 'write' ? { ...visit, status: 201 } : visit));
  const stored = new Set(visits.filter(({ database }) => database === 'shop').map(({ id }) => id ?? ''));
  const readWrite = { scenario: scenario('read-write'), visits, stored };
  expect(broken({ ...readWrite, announced: '50 orders will be lost' })).toEqual([]);
  expect(broken(readWrite)).toHaveLength(1);
  stored.delete('order-25000');
  expect(broken({ ...readWrite, announced: 'they will be lost' })).toHaveLength(1);
});

test('what is left behind must break a promise, but for what a restore sets aside', () => {
  expect(broken({ leftovers: [`database ${CLONE}`] })).toEqual(['Nothing of the deployment is left.']);
  const restores = scenario('rollback-code-and-database');
  const content = { tables: { Orders: [{ Id: 'a' }] } };
  const back = {
    scenario: restores,
    starts: restores.starts.map((start) => ({ start, ended: start.ends })),
    production: { version: '1.0.0', database: 'shop', readOnly: false },
    contents: { point: content, end: content, failed: content },
  };
  expect(broken({ ...back, leftovers: [`database ${CLONE}-failed`] })).toEqual([]);
  expect(broken({ ...back, leftovers: [] })).toHaveLength(1);
  expect(broken({ ...back, leftovers: [`database ${CLONE}-failed`, `database ${CLONE}`] })).toHaveLength(1);
});

test('a rehearsal that a visitor notices must break its promise', () => {
  const rehearsal = scenario('rehearsal');
  const visits = goodVisits().filter(({ at }) => at < 10_000);
  const starts = rehearsal.starts.map((start) => ({ start, ended: start.ends }));
  const production = { version: '1.0.0', database: 'shop', readOnly: false };
  expect(broken({ scenario: rehearsal, visits, starts, production, until: 10_000 })).toEqual([]);
  const promise = 'Visitors never noticed: the live build answered everything.';
  expect(broken({ scenario: rehearsal, starts, production })).toContain(promise);
});

test('a variant that nobody saw must break its promise: a front door that cannot fail proves nothing', () => {
  const slow = changed(({ kind, at }) => kind === 'read' && at === 25_000, { ms: 1500 });
  const restarted = changed(({ kind, at }) => kind === 'read' && at === 25_000, { ms: 1500, instance: 'd' });
  const refused = changed(({ kind, at }) => kind === 'read' && at === 25_000, {
    status: 503,
    instance: '',
    marker: '',
  });
  const seenIn = (variant: string) =>
    [goodVisits(), slow, restarted, refused].map((visits) => broken({ variant, visits }).length === 0);
  expect(seenIn('late-restart')).toEqual([false, false, true, false]);
  expect(seenIn('slow-warm-up')).toEqual([false, true, true, false]);
  expect(seenIn('503-after-swap')).toEqual([false, false, false, true]);
});

test('the wrong end must break its promise', () => {
  expect(broken({ production: { version: '2.0.0', database: CLONE, readOnly: false } })).toHaveLength(1);
  expect(broken({ production: undefined })).toHaveLength(1);
  expect(broken({ unmodelled: ['GET /x'] })).toHaveLength(1);
  expect(broken({ starts: evidence().starts.map(({ start }) => ({ start, ended: 'failure' })) })).toHaveLength(1);
});
