import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import { notesOf } from '../../src/summary/notes.ts';
import { settings } from '../phases/observed.ts';
import { afterDeploy } from './observed.ts';

/** A deployment of databases whose snapshot intervals are these. */
function cloned(...intervals: readonly (readonly [string, string, string?])[]): Observed {
  const observed = afterDeploy();
  const [pair] = observed.databases;
  if (!pair?.cloneTags) throw new Error('The fixture has a pair.');
  const { cloneTags } = pair;
  return {
    ...observed,
    databases: intervals.map(([name, requestedAt, completedAt]) => ({
      ...pair,
      name,
      cloneTags: { ...cloneTags, source: name, requestedAt, completedAt },
    })),
  };
}

const NEW = { role: 'new', attempt: 1, slot: 'zdd-staging' } as const;
const SHOP = ['shop', '2026-01-31T14:00:00Z', '2026-01-31T14:01:30.5Z'] as const;

test('several clones are not consistent with each other, and it is said how far they may lie apart', () => {
  expect(
    notesOf(settings(), ['clone'], cloned(['catalog', '2026-01-31T14:00:10Z', '2026-01-31T14:05:00Z'], SHOP)),
  ).toEqual([
    'The clones of catalog and shop are each consistent in themselves, not with each other: their contents lie at most 5 min 0 s apart.',
  ]);
});

test('clones that were surely made at different times lie at least so far apart', () => {
  const later = ['orders', '2026-01-31T17:00:00Z', '2026-01-31T17:03:00Z'] as const;
  expect(
    notesOf(settings(), ['clone'], cloned(['catalog', '2026-01-31T14:00:00Z', '2026-01-31T14:01:00Z'], SHOP, later)),
  ).toEqual([
    'The clones of catalog, shop and orders are each consistent in themselves, not with each other: their contents lie at least 2 h 59 min and at most 3 h 3 min apart.',
  ]);
});

test('of one database, or of a copy that is not complete, there is nothing to say', () => {
  expect(notesOf(settings(), ['clone'], cloned(SHOP))).toEqual([]);
  expect(notesOf(settings(), ['clone'], cloned(['catalog', '2026-01-31T14:00:10Z'], SHOP))).toEqual([]);
});

test('in mode read-write "read-only" says what it has not checked', () => {
  const note =
    'Not checked, because of mode read-write: that nothing can be written on the copy, and that none of its connections leads to an original. Look at its connection strings before "switch".';
  expect(notesOf(settings(), ['clone', 'read-only'], afterDeploy({ mode: 'read-write' }))).toEqual([note]);
  expect(notesOf(settings(), ['deploy'], afterDeploy({ mode: 'read-write' }))).toEqual([]);
  expect(notesOf(settings(), ['read-only'], afterDeploy())).toEqual([]);
});

test('complete says whether anybody has tried to write', () => {
  const completed = afterDeploy({ completedAt: '2026-01-31T14:10:00Z', candidate: NEW });
  const nobody = expect.stringContaining('nobody has tried whether visitors can write again');
  const probes = settings({ 'write-probes': 'POST /ping-write -> 200' });
  expect(notesOf(settings(), ['complete'], completed)).toEqual([nobody]);
  expect(notesOf(probes, ['complete'], completed)).toEqual([]);
  expect(
    notesOf(probes, ['complete'], afterDeploy({ ...completed.record, candidate: { ...NEW, role: 'live' } })),
  ).toEqual([nobody]);
  expect(notesOf(settings(), ['validate'], completed)).toEqual([]);
});

test('status names a deployment that nobody has ended for a week', () => {
  const old = ['shop', '2026-01-11T14:00:00Z', '2026-01-11T14:01:30Z'] as const;
  const note = (observed: Observed) => notesOf(settings(), ['status'], observed);
  expect(note(cloned(SHOP))).toEqual([]);
  expect(note(cloned(old))).toEqual([
    expect.stringMatching(
      /^Deployment \S+ has been open for (19|20) days, and each of its clones costs .* Bring it to its end/,
    ),
  ]);
  expect(notesOf(settings(), ['deploy'], cloned(old))).toEqual([]);
});
