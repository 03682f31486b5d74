import { expect, test } from '@jest/globals';
import { COPIED_FROM, changesSinceCopy, copiedFrom, isOtherBuild } from '../../src/deployment/copied-from.ts';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { ID, settings, slot } from '../phases/observed.ts';
import { look } from '../phases/picture.ts';
import { rows } from '../phases/rows.ts';

const LIVE: Partial<Slot> = {
  appSettings: { SHOP_NAME: 'Shop' },
  travelling: { healthCheckPath: '/health' },
  release: 'r1',
};

/** Production as it was copied, and as it is now. */
function copied(before: Partial<Slot>, now: Partial<Slot>): Observed {
  const { observed } = look(rows.cloned, phaseNamed['read-only'], settings({ phase: 'read-only' }));
  const asCopied = { ...observed, production: slot('production', { ...LIVE, ...before }) };
  const appSettings = { SHOP_NAME: 'Shop', ZDD_INSTANCE: `${ID}/read-only/1`, [COPIED_FROM]: copiedFrom(asCopied) };
  const readonlySlot = slot('zdd-readonly', { appSettings });
  return { ...observed, production: slot('production', { ...LIVE, ...before, ...now }), readonlySlot };
}

test.each<[string, Partial<Slot>, Partial<Slot>, readonly string[]]>([
  ['nothing', {}, {}, []],
  ['a new setting', {}, { appSettings: { SHOP_NAME: 'Shop', NEW: 'on' } }, ['other settings (NEW)']],
  ['another value', {}, { appSettings: { SHOP_NAME: 'Other' } }, ['other settings']],
  ['a health check', {}, { travelling: { healthCheckPath: null } }, ['another configuration']],
  ['a build', {}, { release: 'r2' }, ['another build']],
  ['what nobody can see now', {}, { release: undefined }, []],
  ['what nobody could see then', { release: undefined }, { release: 'r2' }, []],
])('what production was given since it was copied is named: %s', (_, before, now, changes) => {
  expect(changesSinceCopy(copied(before, now))).toEqual(changes);
});

test('a copy that an older version of the action made is not judged', () => {
  const observed = copied({}, { release: 'r2' });
  const { readonlySlot } = observed;
  expect(changesSinceCopy({ ...observed, readonlySlot: readonlySlot && { ...readonlySlot, appSettings: {} } })).toEqual(
    [],
  );
});

test('of many new settings the first five are named, and none that the copy has', () => {
  const more = Object.fromEntries(['A', 'B', 'C', 'D', 'E', 'F'].map((name) => [name, 'on']));
  const observed = copied({}, { appSettings: { SHOP_NAME: 'Shop', ...more } });
  expect(changesSinceCopy(observed)).toEqual(['other settings (A, B, C, D, E)']);
});

test('without the copy of this very deployment there is nothing to compare with', () => {
  const observed = copied({}, { release: 'r2' });
  expect(changesSinceCopy({ ...observed, readonlySlot: null })).toEqual([]);
  const appSettings = { ...observed.readonlySlot?.appSettings, ZDD_INSTANCE: '20250101-other/read-only/1' };
  expect(changesSinceCopy({ ...observed, readonlySlot: slot('zdd-readonly', { appSettings }) })).toEqual([]);
  const armed = { ...observed.readonlySlot?.appSettings, ZDD_INSTANCE: `${ID}/new/1` };
  expect(changesSinceCopy({ ...observed, readonlySlot: slot('zdd-readonly', { appSettings: armed }) })).toEqual([]);
  expect(changesSinceCopy(observed)).toEqual(['another build']);
});

test('a copy says which build it was made from, also when another one arrives while it is made', () => {
  const observed = copied({}, { release: 'r2' });
  const thisRun = { ...observed.thisRun, copiedRelease: 'r1' };
  expect(copiedFrom({ ...observed, thisRun })).toMatch(/\.r1$/);
});

test('a copy that is kept says what it was made from, unless production was seen to have another build', () => {
  expect(copiedFrom(copied({}, {}))).toMatch(/\.r1$/);
  expect(copiedFrom(copied({}, { release: 'r2' }))).toMatch(/\.r2$/);
  expect(copiedFrom(copied({}, { release: undefined }))).toMatch(/\.r1$/);
});

test('what says only a part of what a copy was made from is not compared with', () => {
  const observed = copied({}, { release: 'r2' });
  for (const text of ['', 'a', 'a.b', 'a.b.', 'a..c', '.b.c']) {
    const appSettings = { ...observed.readonlySlot?.appSettings, [COPIED_FROM]: text };
    const look = { ...observed, readonlySlot: slot('zdd-readonly', { appSettings }) };
    expect([text, changesSinceCopy(look), isOtherBuild(look)]).toEqual([text, [], false]);
  }
  expect(isOtherBuild({ ...observed, readonlySlot: null })).toBe(false);
});

test('a connection string that was added is named as a setting is', () => {
  const more = { Db_more: { value: 'x', type: 'Custom' } };
  expect(changesSinceCopy(copied({ connectionStrings: {} }, { connectionStrings: more }))).toEqual([
    'other settings (Db_more)',
  ]);
});
