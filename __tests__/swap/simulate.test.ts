import { expect, test } from '@jest/globals';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import { settingsAfterSwap, simulateSwap } from '../../src/swap/simulate.ts';
import { connectionTo, ID, observed, slot } from '../phases/observed.ts';

const COPY = slot('zdd-readonly', {
  appSettings: { SHOP_NAME: 'Shop', SHOP_READ_ONLY: 'true', ZDD_INSTANCE: `${ID}/read-only/1` },
  connectionStrings: connectionTo(`shop-zdd-${ID}`),
});

test('a swap of slots that are as they should be has nothing against it, whatever is sticky and equal in both', () => {
  expect(reasons({})).toEqual([]);
  expect(reasons({ appSettings: ['SHOP_NAME', 'NOT_SET'], connectionStrings: ['NotSet'] })).toEqual([]);
});

test.each([['SHOP_READ_ONLY'], ['shop_read_only'], ['Shop_Read_Only']])(
  'an app setting that must travel and would stay, as slotConfigNames spells it: %s',
  (name) => {
    expect(reasons({ appSettings: [name] })).toEqual([expect.stringMatching(`^App setting ${name} is a slot setting`)]);
  },
);

test.each([['Db_shop'], ['DB_SHOP'], ['db_shop']])(
  'a connection string that must travel and would stay, as slotConfigNames spells it: %s',
  (name) => {
    const found = reasons({ connectionStrings: [name] });
    expect(found).toEqual([expect.stringMatching(`^Connection string ${name} is a slot setting`)]);
  },
);

test('a sticky setting of production alone comes to the instance as little as one of the instance alone goes along', () => {
  const production = slot('production', { appSettings: { SHOP_NAME: 'Shop', only_here: 'yes' } });
  expect(reasons({ appSettings: ['ONLY_HERE'] }, COPY, { production })).toHaveLength(1);
});

test('after a swap production has all that its new instance brings, and what stays with the slot of its own', () => {
  const look = observed({
    production: slot('production', {
      appSettings: { SHOP_NAME: 'Old', Only_Old: 'x', Region: 'north' },
      connectionStrings: connectionTo('shop', 'stock'),
    }),
  });
  const app = { ...look.app, sticky: { ...look.app.sticky, appSettings: ['REGION'], connectionStrings: ['DB_STOCK'] } };
  const source = { ...COPY, appSettings: { ...COPY.appSettings, Region: 'south' } };
  expect(settingsAfterSwap({ ...look, app }, source)).toEqual({
    appSettings: { ...COPY.appSettings, Region: 'north' },
    connectionStrings: {
      Db_shop: COPY.connectionStrings.Db_shop,
      Db_stock: look.production.connectionStrings.Db_stock,
    },
  });
});

test.each<[string, Partial<Slot>, Partial<Slot>]>([
  ['zdd-readonly is Stopped, and a swap needs both', { state: 'Stopped' }, {}],
  ['production is Stopped, and a swap needs both', {}, { state: 'Stopped' }],
  ['zdd-readonly has a pending swap preview with x', { previewWith: 'x' }, {}],
  ['production has a pending swap preview with x', {}, { previewWith: 'x' }],
  ['zdd-readonly has auto-swap to x', { autoSwapWith: 'x' }, {}],
  ['production has auto-swap to x', {}, { autoSwapWith: 'x' }],
  ['Production has traffic routing rules', {}, { routed: true }],
  ['carry the same marker', {}, { appSettings: COPY.appSettings, connectionStrings: COPY.connectionStrings }],
])('%s', (words, ofCopy, ofProduction) => {
  const production = slot('production', ofProduction);
  const found = reasons({}, { ...COPY, ...ofCopy }, { production });
  expect(found).toEqual([expect.stringContaining(words)]);
});

function reasons(
  sticky: Partial<Observed['app']['sticky']>,
  source: Slot = COPY,
  differences: Partial<Observed> = {},
): readonly string[] {
  const look = observed(differences);
  return simulateSwap({ ...look, app: { ...look.app, sticky: { ...look.app.sticky, ...sticky } } }, source);
}
