import { describe, expect, test } from '@jest/globals';
import { siteOf } from '../../src/azure/site-shapes.ts';
import {
  BESIDE,
  type BesidePart,
  besideOf,
  besideText,
  changedBeside,
  changedSlots,
  isBesideText,
} from '../../src/deployment/beside.ts';

const base = siteOf({
  id: '/subscriptions/s/sites/shop',
  name: 'shop',
  location: 'West Europe',
  properties: { state: 'Running', serverFarmId: '/p' },
});
const STICKY = { appSettings: ['A'], connectionStrings: [], mounts: [] };

function seen(
  site: Partial<typeof base> = {},
  config: Record<string, unknown> = {},
  travelling: Record<string, unknown> = {},
  sticky: unknown = STICKY,
) {
  return {
    production: { beside: besideOf({ ...base, ...site }, config as never, travelling as never) },
    app: { sticky },
  };
}

const OURS = ['readonly', 'staging'];
const before = besideText(seen(), OURS) ?? '';

test.each<[BesidePart, ReturnType<typeof seen>]>([
  ['host names', seen({ customHosts: ['shop.example'] } as never)],
  ['certificates', seen({ certificates: ['thumb'] } as never)],
  ['access restrictions', seen({}, { ipSecurityRestrictions: [{ name: 'office' }] })],
  ['access restrictions', seen({}, { scmIpSecurityRestrictions: [{ name: 'office' }] })],
  ['access restrictions', seen({ publicNetworkAccess: 'Disabled' } as never)],
  ['TLS and client certificates', seen({}, { minTlsVersion: '1.3' })],
  ['TLS and client certificates', seen({}, { ftpsState: 'Disabled' })],
  ['TLS and client certificates', seen({ clientCertMode: 'Required' } as never)],
  ['networking', seen({}, { vnetName: 'inside' })],
  ['networking', seen({ privateEndpoints: ['one'] } as never)],
  ['identities', seen({ keyVaultReferenceIdentity: 'another' } as never)],
  ['other configuration', seen({}, {}, { alwaysOn: true })],
  ['slot settings', seen({}, {}, {}, { ...STICKY, appSettings: ['A', 'B'] })],
])('a change of %s is seen as such, and as nothing else', (part, now) => {
  expect(changedBeside(before, now)).toEqual([part]);
});

test('the image of a build, an order of fields, and what is not set are no change', () => {
  expect(
    changedBeside(before, seen({}, { other: 1 }, { linuxFxVersion: 'DOCKER|shop:2', windowsFxVersion: 'x' })),
  ).toEqual([]);
  const one = besideText(seen({}, { ipSecurityRestrictions: [{ name: 'a', tag: 'b', note: null }] }), OURS) ?? '';
  expect(changedBeside(one, seen({}, { ipSecurityRestrictions: [{ tag: 'b', name: 'a' }] }))).toEqual([]);
  expect(changedBeside(one, seen({}, { ipSecurityRestrictions: [{ tag: 'b', name: 'a', note: undefined }] }))).toEqual(
    [],
  );
  expect(
    changedBeside(
      besideText(seen({ privateEndpoints: ['a', 'b'] } as never), OURS),
      seen({ privateEndpoints: ['b', 'a'] } as never),
    ),
  ).toEqual([]);
});

test('it fits into a tag and is known again, and nobody can tell where nobody looked', () => {
  expect(isBesideText(before)).toBe(true);
  for (const text of ['', before.replace(/^1/, '2'), before.slice(0, -1), `${before}-0`])
    expect(isBesideText(text)).toBe(false);
  expect(before.split('-')).toHaveLength(BESIDE.length + 1);
  expect(changedBeside(undefined, seen())).toBeUndefined();
  expect(changedBeside(before, { ...seen(), production: {} })).toBeUndefined();
  expect(besideText({ ...seen(), production: {}, slotNames: ['qa'] }, OURS)).toBeUndefined();
  expect(besideText({ ...seen(), slotNames: undefined }, OURS)).toBe(before);
});

describe('the list of slots', () => {
  const having = (...slotNames: string[]) => ({ ...seen(), slotNames });
  const text = (...names: string[]) => besideText(having(...names), OURS) ?? '';
  const MANY = Array.from({ length: 19 }, (_, index) => `team-of-nineteen-${index}`);

  test('what the deployment makes is told as such; what else comes and goes, by name', () => {
    const then = text('qa', 'Old', 'staging');
    expect(then).toBe(`${before}|Old:qa:staging`);
    expect(changedSlots(then, having('QA', 'old', 'Staging', 'readonly'), OURS)).toEqual({
      made: ['readonly'],
      appeared: [],
      vanished: [],
    });
    expect(changedSlots(then, having('qa', 'new', 'readonly'), OURS)).toEqual({
      made: ['readonly'],
      appeared: ['new'],
      vanished: ['Old'],
    });
  });

  test('names that do not fit a tag, and none at all, are a number and a digest of those that are not ours', () => {
    const then = text(...MANY, 'staging');
    expect(`2026-08-15T10:00:00.000Z|${text(...MANY)}`.length).toBeLessThanOrEqual(256);
    expect(then).toMatch(/\|#19-[0-9a-f]{6}$/);
    const same = { made: [], appeared: [], vanished: [] };
    expect(changedSlots(then, having(...[...MANY].reverse(), 'readonly'), OURS)).toEqual(same);
    expect(changedSlots(then, having(...MANY.slice(1), 'another'), OURS)).toEqual({
      ...same,
      counts: { before: 19, now: 19 },
    });
    expect(text()).toMatch(/\|#0-[0-9a-f]{6}$/);
    expect(changedSlots(text(), having('qa'), OURS)).toEqual({ ...same, counts: { before: 0, now: 1 } });
  });

  test('the longest list that is written whole fits a tag beside the instant', () => {
    const names = Array.from({ length: 17 }, (_, index) => `slot-abc${String.fromCharCode(97 + index)}`);
    expect(`2026-08-15T10:00:00.000Z|${text(...names)}`).toHaveLength(24 + 1 + 57 + 1 + 17 * 9 + 16);
    expect(`2026-08-15T10:00:00.000Z|${text(...names)}`.length).toBeLessThanOrEqual(256);
  });

  test('a tag of either form is known again, and one of another form is not', () => {
    for (const good of [before, text('qa'), text(), text(...MANY)]) expect(isBesideText(good)).toBe(true);
    for (const bad of [`${before}|`, `${before}|a/b`, `${before}|production`, `${before}|qa|qa`, `${before}|#1-xyz`])
      expect(isBesideText(bad)).toBe(false);
    expect(changedSlots(before, having('qa'), OURS)).toBeUndefined();
    expect(changedSlots(text('qa'), { slotNames: undefined }, OURS)).toBeUndefined();
    expect(changedBeside(text('qa'), having('other'))).toEqual([]);
  });
});
