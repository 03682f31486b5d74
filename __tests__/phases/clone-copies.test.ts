import { expect, test } from '@jest/globals';
import type { Observed, Pair } from '../../src/deployment/observed.ts';
import { awaitCopy, copy, dropFailed, dropStray, stamp, tagLost } from '../../src/phases/clone-copies.ts';
import { CLONE, database, ID, NOW, observed, settings } from './observed.ts';
import { stopOr } from './seen.ts';

const [PAIR] = observed().databases;
const SAID = { because: expect.any(String) };

function pair(differences: Partial<Pair> = {}): Pair {
  if (PAIR === undefined) throw new Error('A look has a database.');
  return { ...PAIR, ...differences };
}

test('a copy is asked for by the name that Azure has for the original, and is followed by its own', () => {
  expect(copy(observed(), pair({ underName: database('Shop') }))).toEqual({
    kind: 'copy-database',
    database: 'Shop',
    clone: CLONE,
    ...SAID,
  });
  expect(copy(observed(), pair({ underName: null }))).toMatchObject({ database: 'shop' });
  expect(awaitCopy(observed(), pair())).toEqual({ kind: 'await-copy', clone: CLONE, ...SAID });
  expect(stamp(observed(), pair())).toEqual({ kind: 'stamp-clone', clone: CLONE, ...SAID });
});

const [ASKED, MADE] = ['2026-01-31T13:00:00.000Z', '2026-01-31T13:01:00.000Z'];

function tagged(differences: Partial<Observed>, clone = database(CLONE, { creationDate: MADE })) {
  return stopOr(() => tagLost(observed(differences), pair({ clone }), settings()));
}

test('tags that were lost are written again only on what was provably made by a copy', () => {
  const accepted = { thisRun: { ...observed().thisRun, copies: { [CLONE]: 'accepted' as const } } };
  expect(tagged({ madeByCopy: { [CLONE]: ASKED } })).toEqual({
    kind: 'tag-clone',
    clone: CLONE,
    tags: expect.objectContaining({
      'zdd-deployment': ID,
      'zdd-source': 'shop',
      'zdd-source-id': 'id-of-shop',
      'zdd-copy-requested-at': ASKED,
      'zdd-lock': 'claim',
    }),
    ...SAID,
  });
  expect(tagged(accepted)).toMatchObject({ kind: 'tag-clone' });
  // One that has no record says whose it is all the same.
  expect(tagged({ ...accepted, recordDatabase: 'catalog-clone' })).toMatchObject({ tags: { 'zdd-deployment': ID } });
  for (const copies of [{}, { [CLONE]: 'refused' as const }])
    expect(tagged({ thisRun: { ...observed().thisRun, copies } })).toMatchObject({
      kind: 'refused',
      next: expect.stringContaining('left alone'),
    });
});

test('what a copy holds may date from any time since it was asked for, as early as anybody can tell', () => {
  const at = (...given: Parameters<typeof tagged>) => {
    const step = tagged(...given);
    return 'tags' in step && (step.tags as Record<string, string>)['zdd-copy-requested-at'];
  };
  expect(at({ madeByCopy: { [CLONE]: '' } })).toBe(MADE);
  expect(at({ madeByCopy: { [CLONE]: '' } }, database(CLONE, { creationDate: '' }))).toBe(NOW);
});

test('a copy that failed is made again once', () => {
  const clone = database(CLONE);
  const done = { done: [{ kind: 'delete-database', subject: CLONE }] };
  const dropped = { kind: 'delete-database', database: CLONE, databaseId: clone.databaseId, ...SAID };
  expect(dropFailed(observed(), pair({ clone }))).toEqual(dropped);
  expect(dropStray(clone)).toEqual(dropped);
  const again = observed({ thisRun: { ...observed().thisRun, ...done } });
  expect(stopOr(() => dropFailed(again, pair({ clone })))).toMatchObject({
    kind: 'failed',
    happened: expect.stringContaining('twice'),
  });
});
