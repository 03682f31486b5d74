import { expect, test } from '@jest/globals';
import { siteOf } from '../../src/azure/site-shapes.ts';
import {
  BESIDE,
  type BesidePart,
  besideOf,
  besideText,
  changedBeside,
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

const before = besideText(seen()) ?? '';

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
  const one = besideText(seen({}, { ipSecurityRestrictions: [{ name: 'a', tag: 'b', note: null }] })) ?? '';
  expect(changedBeside(one, seen({}, { ipSecurityRestrictions: [{ tag: 'b', name: 'a' }] }))).toEqual([]);
  expect(
    changedBeside(
      besideText(seen({ privateEndpoints: ['a', 'b'] } as never)),
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
});
