import { expect, test } from '@jest/globals';
import { appKey, appOfKey } from '../../src/deployment/app-key.ts';
import { badTags } from '../../src/deployment/bad-tags.ts';
import { checkSentence } from '../../src/deployment/check.ts';

test('an app is the same in whatever case Azure or an input writes it', () => {
  const key = appKey({ resourceGroup: 'Shop-RG', name: 'Admin' });
  expect(key).toBe(appKey({ resourceGroup: 'shop-rg', name: 'ADMIN' }));
  expect(appOfKey(key)).toEqual({ resourceGroup: 'shop-rg', name: 'admin' });
});

test('a check that failed stands out in the log, and its fix beside it', () => {
  const check = { name: 'blob versioning', found: 'It is off.' };
  expect(checkSentence({ ...check, verdict: 'failed', fix: 'turn it on' })).toBe(
    'FAILED: blob versioning: It is off. Fix: turn it on',
  );
  expect(checkSentence({ ...check, verdict: 'not-looked-at' })).toBe('not looked at: blob versioning: It is off.');
});

test('of a tag that does not fit people read what it says, or that it is missing, and what it may be', () => {
  const bad = [
    { tag: 'zdd-lock', value: 'open', allowed: 'claim or held' },
    { tag: 'zdd-mode', value: undefined, allowed: 'read-only' },
  ];
  const { happened, next } = badTags({ name: 'shop', id: '/databases/shop' }, bad);
  expect(happened).toContain('Tag zdd-lock of database shop is "open", which is not claim or held.');
  expect(happened).toContain('Tag zdd-mode of database shop is missing; it should be read-only.');
  expect(next).toContain("--resource-id /databases/shop --tags 'zdd-lock=<claim or held>' 'zdd-mode=<read-only>'");
});
