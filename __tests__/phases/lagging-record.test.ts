import { expect, test } from '@jest/globals';
import { CLONE } from './observed.ts';
import type { Picture } from './picture.ts';
import { tagged } from './picture-changes.ts';
import { rows } from './rows.ts';
import { planned } from './walk.ts';

const COMPLETES = /^ 1\. Complete the record, /;
const mirror = (picture: Picture) => tagged(picture, 'shop', { 'zdd-attempt': '-', 'zdd-verdict': '-' });
/** What a dead run wrote late: all of it is older, its number too. */
const clone = (picture: Picture) => {
  const numbered = tagged(tagged(picture, 'shop', { 'zdd-entry': '9' }), CLONE, { 'zdd-entry': '9' });
  return tagged(numbered, CLONE, { 'zdd-entry': '8', 'zdd-completed-at': '-', 'zdd-attempt': '0' });
};

test.each([
  ['the mirror', mirror],
  ['the clone', clone],
])(
  'a phase that finds %s behind completes the record once, and "cleanup", which takes it away, does not',
  (_, behind) => {
    expect(planned(behind(rows.completed), 'complete')).toMatch(COMPLETES);
    expect(planned(rows.completed, 'complete')).toBe('Nothing to do.');
    expect(planned(behind(rows.completed), 'cleanup')).not.toMatch(COMPLETES);
    expect(planned(behind(rows.completed), 'cleanup')).toBe(planned(rows.completed, 'cleanup'));
  },
);
