import { expect, test } from '@jest/globals';
import { isHalfWritten, mirrorPlace, recordLags } from '../../src/deployment/mirror.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import { database } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

const { observed } = seen(rows.completed, 'status');
const [pair] = observed.databases;
if (!pair?.original || !pair.clone) throw new Error('The row has an original and its clone.');
const { original, clone } = pair;
const withPair = (differences: Partial<typeof pair>): Observed => ({
  ...observed,
  databases: [{ ...pair, ...differences }],
});
const bare = database('shop');

test.each<[string, Parameters<typeof withPair>[0], boolean]>([
  ['it keeps the mirror and has a copy', {}, true],
  ['it has a copy', { original: bare }, true],
  ['it keeps the mirror already', { clone: null }, true],
  ['something of it was set aside', { original: bare, clone: null, setAside: [database('old')] }, true],
  ['nothing but its name', { original: bare, clone: null, setAside: [] }, false],
  ['it is not there', { original: null }, false],
])(
  'who may write tags elsewhere has none written to a database that is not ours: %s',
  (_what, differences, isPlace) => {
    const place = mirrorPlace(withPair(differences));
    expect(place).toEqual(isPlace ? (differences.original ?? original) : undefined);
  },
);

test('without databases there is no place for it', () => {
  expect(mirrorPlace({ ...observed, databases: [] })).toBeUndefined();
});

const stale = { ...original, tags: { ...original.tags, 'zdd-attempt': '7' } };
const late = observed.ours.map((each) =>
  each.name === observed.recordDatabase ? { ...each, tags: { ...each.tags, 'zdd-attempt': '7' } } : each,
);

test.each<[string, Observed, boolean, boolean]>([
  ['both places say what the record says', observed, false, false],
  ['the mirror says something else', withPair({ original: stale }), true, true],
  ['there is no mirror yet', withPair({ original: bare }), true, false],
  ['the clone says something else', { ...observed, ours: late }, true, true],
  ['it is read from the mirror itself', { ...withPair({ original: stale }), recordIn: 'mirror' }, false, false],
  ['there is no record', { ...withPair({ original: stale }), record: null }, false, false],
  [
    'nothing was swapped yet, and no point is recorded',
    {
      ...withPair({ original: stale }),
      record: observed.record && { ...observed.record, swaps: 0, rollbackPoint: undefined },
    },
    false,
    false,
  ],
  ['there is no original to lag', withPair({ original: null }), false, false],
])('whether a place of the record lags behind it: %s', (_what, look, lags, isHalf) => {
  expect([recordLags(look), isHalfWritten(look)]).toEqual([lags, isHalf]);
});

test('while the journal leads, databases that lag behind are as they should be', () => {
  const record = { ...seen(rows.completed, 'status').record, entry: 3 };
  const journal = (tags: Readonly<Record<string, string>>): Observed => ({
    ...withPair({ original: stale }),
    record,
    readonlySlot: observed.readonlySlot && { ...observed.readonlySlot, tags },
  });
  const of = { 'zdd-deployment': record.deploymentId };
  expect([
    recordLags(journal({ ...of, 'zdd-entry': '3' })),
    recordLags(journal({ ...of, 'zdd-entry': '2' })),
    recordLags(journal({ 'zdd-deployment': 'another', 'zdd-entry': '3' })),
    recordLags({ ...journal({}), readonlySlot: null }),
  ]).toEqual([false, true, true, true]);
  expect(clone.tags['zdd-lock']).toBeDefined();
});
