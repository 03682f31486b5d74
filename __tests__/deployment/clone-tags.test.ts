import { expect, test } from '@jest/globals';
import { cloneTags, ourTagCount, parseCloneTags, RECORD_ON } from '../../src/deployment/clone-tags.ts';
import { recordTagNames } from '../../src/deployment/record-tags.ts';
import { ID, NOW } from '../phases/observed.ts';

const TOLD = { deploymentId: ID, source: 'shop', sourceId: '7', requestedAt: NOW };

test('a clone says whose it is, or nothing: a tag of other people makes none of a database', () => {
  expect(parseCloneTags(cloneTags(TOLD))).toEqual({ read: TOLD });
  expect(parseCloneTags({})).toBeUndefined();
  for (const field of ['deploymentId', 'sourceId'] as const) {
    const { [field]: _, ...others } = TOLD;
    expect(parseCloneTags(cloneTags(others))).toBeUndefined();
    expect(parseCloneTags(cloneTags({ ...TOLD, [field]: undefined }))).toBeUndefined();
  }
});

test.each(['source', 'requestedAt'] as const)(
  'what it says is whole: without %s nothing is decided on the rest',
  (field) => {
    const { [field]: _, ...others } = TOLD;
    expect(parseCloneTags(cloneTags(others))).toMatchObject({ bad: [{ value: undefined }] });
  },
);

test.each(['shop-sql', 'a/b/c', 'shop sql/shop', '/shop', 'shop-sql/', ''])(
  'where the record lies is a server and a database: %j is neither',
  (value) => {
    expect(parseCloneTags({ ...cloneTags(TOLD), [RECORD_ON]: value })).toMatchObject({
      bad: [{ tag: RECORD_ON, value, allowed: 'a server and a database, / between' }],
    });
  },
);

test('a clone has room for what it says of itself beside the record; where that is only others say', () => {
  const lists = { apps: false, suspends: false };
  const own = Object.keys(
    cloneTags({ ...TOLD, completedAt: NOW, content: undefined, successorId: '8', successorOf: 1, app: 'a/b' }),
  );
  const all = new Set([...recordTagNames(['shop'], lists), ...own]);
  expect(ourTagCount(['shop'], lists)).toBe(all.size);
  expect(ourTagCount(['shop'], { apps: true, suspends: true })).toBe(all.size + 3);
});
