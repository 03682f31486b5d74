import { expect, test } from '@jest/globals';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { candidateFingerprint } from '../../src/deployment/verdict.ts';
import { windowExceeded } from '../../src/deployment/window-limit.ts';
import { isOutOfSight, refuseOtherCandidate, refuseWithoutVerdict } from '../../src/phases/complete-verdict.ts';
import { refuseOverdue } from '../../src/phases/overdue.ts';
import { slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

const CANDIDATE = rows.validated.slots['zdd-staging'] ?? slot('none');
const OVERRIDE = { 'override-validation': 'the check is wrong' };

test.each<[string, Differences, RegExp | undefined]>([
  ['it passed', {}, undefined],
  ['it was overridden', { record: { verdict: { of: 'x', result: 'overridden', by: 'ada' } } }, undefined],
  [
    'it failed',
    { record: { verdict: { of: 'x', result: 'failed', by: 'ada' } } },
    /last validation of this candidate failed/,
  ],
  ['nobody has looked', { record: { verdict: undefined } }, /has not been validated/],
  [
    'it failed, and a reason is given',
    { record: { verdict: { of: 'x', result: 'failed', by: 'ada' } }, inputs: OVERRIDE },
    undefined,
  ],
  ['nobody has looked, and a reason is given', { record: { verdict: undefined }, inputs: OVERRIDE }, undefined],
])('whether a candidate may meet visitors: %s', (_what, differences, refused) => {
  const { known, record } = seen(rows.validated, 'complete', differences);
  expect(stopOr(() => refuseWithoutVerdict(known, record))?.happened ?? '').toMatch(refused ?? /^$/);
});

const OTHER = slot('zdd-staging', { ...CANDIDATE, appSettings: { ...CANDIDATE.appSettings, A: '1' } });

test.each<[string, Differences, typeof OTHER, RegExp | undefined]>([
  ['the same', {}, CANDIDATE, undefined],
  ['other settings', {}, OTHER, /change of its app settings/],
  ['other settings, and a reason', { inputs: OVERRIDE }, OTHER, undefined],
  [
    'another schema',
    { look: { sql: { shop: { readOnly: false, schemaVersion: '9' } } } },
    CANDIDATE,
    /change of the schema version/,
  ],
  ['another query', { inputs: { 'schema-version-query': 'SELECT 1' } }, CANDIDATE, /cannot be compared/],
  [
    'another query, and another schema with it',
    {
      inputs: { 'schema-version-query': 'SELECT 1' },
      look: { sql: { shop: { readOnly: false, schemaVersion: '9' } } },
    },
    CANDIDATE,
    /cannot be compared/,
  ],
  [
    'another query, and other settings',
    { inputs: { 'schema-version-query': 'SELECT 1' } },
    OTHER,
    /change of its app settings/,
  ],
  [
    'a dry run that could not look into the databases',
    { inputs: { 'dry-run': 'true' }, look: { sql: {} } },
    CANDIDATE,
    undefined,
  ],
  ['a run that could not look into the databases', { look: { sql: {} } }, CANDIDATE, /change of the schema version/],
])('whether it is the one that was looked at: %s', (_what, differences, candidate, refused) => {
  const { known, observed, record } = seen(rows.validated, 'complete', differences);
  const stop = stopOr(() => refuseOtherCandidate(known, observed, record, candidate));
  expect(stop?.happened ?? '').toMatch(refused ?? /^$/);
});

const OPENED = '2026-01-31T14:00:00.000Z';
const after = (minutes: number) => ({ now: new Date(Date.parse(OPENED) + 60_000 * minutes).toISOString() });
const LIMIT = { 'max-read-only-minutes': '30', 'on-window-exceeded': 'fail' };

test.each<[string, number, Readonly<Record<string, string>>, Partial<DeploymentRecord>, boolean]>([
  ['in time', 30, LIMIT, {}, false],
  ['too long', 31, LIMIT, {}, true],
  ['too long, which only warns', 31, { ...LIMIT, 'on-window-exceeded': 'warn' }, {}, false],
  ['too long, and nothing is said', 31, { 'max-read-only-minutes': '30' }, {}, false],
  [
    'too long for a live build, which ends it',
    31,
    LIMIT,
    { candidate: { role: 'live', attempt: 1, slot: 'zdd-readonly' } },
    false,
  ],
  ['no window is recorded', 31, LIMIT, { windowOpenedAt: undefined }, false],
])('whether a window that is open for long is gone on with: %s', (_what, minutes, inputs, recorded, refused) => {
  const { known, observed, record } = seen(rows.validated, 'complete', {
    inputs,
    record: { windowOpenedAt: OPENED, ...recorded },
    look: after(minutes),
  });
  const stop = stopOr(() => refuseOverdue('complete', known, observed, record));
  expect(stop !== undefined).toBe(refused);
  if (refused) expect(stop?.next).toContain('Run "complete" with on-window-exceeded: warn');
});

test('a window that is too long is told with who began it, and only while it is open', () => {
  const { known, observed } = seen(rows.validated, 'complete', {
    inputs: LIMIT,
    record: { windowOpenedAt: OPENED, actor: 'ada' },
    look: after(45),
  });
  expect(windowExceeded(known, observed, true)).toMatch(
    /for 45 minutes, longer than max-read-only-minutes \(30\)\. ada began/,
  );
  expect(windowExceeded(known, observed, false)).toBeUndefined();
  expect(windowExceeded(known, { ...observed, record: null }, true)).toBeUndefined();
  expect(windowExceeded({ ...known, maxReadOnlyMinutes: undefined }, observed, true)).toBeUndefined();
});

test('what has changed is named, and of a query how it was given before and now', () => {
  const told = (asked: Readonly<Record<string, string>>, before: Readonly<Record<string, string>>) => {
    const given = seen(rows.validated, 'validate', { inputs: before });
    const of = candidateFingerprint(given.known, given.observed, CANDIDATE, 'passed');
    const { known, observed, record } = seen(rows.validated, 'complete', { inputs: asked });
    const verdict = { of, result: 'passed', by: 'ada' } as const;
    const stop = stopOr(() => refuseOtherCandidate(known, observed, { ...record, verdict }, CANDIDATE));
    return stop?.happened ?? '';
  };
  const query = (text: string) => ({ 'schema-version-query': text });
  expect(told(query('none'), query('SELECT 1'))).toContain('"validate" was given one, "complete" none');
  expect(told(query('SELECT 2'), query('SELECT 1'))).toContain('was given another one');
  expect(told(query('SELECT 1'), query('none'))).toContain('"validate" was given none, "complete" one');
  expect(told(query('SELECT 1'), query('none'))).toContain(`candidate ${CANDIDATE.markerText} cannot`);
});

test.each([
  [0, 'its marker'],
  [2, 'the databases that it works on'],
])('a change of what a verdict is bound to is said in words: part %i is %s', (changed, words) => {
  const { known, observed, record } = seen(rows.validated, 'complete');
  const parts = candidateFingerprint(known, observed, CANDIDATE, 'passed').split('.');
  const of = parts.map((part, index) => (index === changed ? 'x' : part)).join('.');
  const verdict = { of, result: 'passed', by: 'ada' } as const;
  const stop = stopOr(() => refuseOtherCandidate(known, observed, { ...record, verdict }, CANDIDATE));
  expect(stop?.happened).toMatch(new RegExp(`a change of ${words}\\.$`));
});

test('in a dry run it is out of sight as soon as one original is, and no other run lets that pass', () => {
  const { known, observed } = seen(rows.validated, 'complete', { inputs: { 'dry-run': 'true' } });
  expect(isOutOfSight(known, observed)).toBe(false);
  const [pair] = observed.databases;
  const databases = pair ? [pair, { ...pair, name: 'catalog', original: null }] : [];
  expect(isOutOfSight(known, { ...observed, databases })).toBe(true);
  expect(isOutOfSight({ ...known, dryRun: false }, { ...observed, databases })).toBe(false);
});
