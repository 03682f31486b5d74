import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import { imageOfCopy, isOverwritten, leadsToOriginal, namesClone } from '../../src/deployment/overwritten.ts';
import { isNamedIn } from '../../src/deployment/slots.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { CLONE, connectionTo, database, NOW, settings, slot } from '../phases/observed.ts';
import { look } from '../phases/picture.ts';
import { rows } from '../phases/rows.ts';

const INTENT = {
  number: 2,
  purpose: 'complete',
  source: 'zdd-staging',
  sourceMarker: '',
  productionMarker: '',
  swapStatusBefore: '',
  at: NOW,
} as const;

/** The window, with production's settings written over by a template that knows the live build alone. */
function overwritten(differences: Partial<Observed> = {}): Observed {
  const { observed } = look(rows.switched, phaseNamed.switch, settings({ phase: 'switch' }));
  const { record } = observed;
  const at = record?.windowOpenedAt ?? '';
  const swapStatus = { at, source: 'zdd-readonly' } as unknown as Observed['production']['swapStatus'];
  return { ...observed, production: slot('production', { swapStatus }), ...differences };
}

test('settings written over those of the copy are known by the marker that is gone without a swap', () => {
  expect(isOverwritten(overwritten())).toBe(true);
  expect(isOverwritten(look(rows.switched, phaseNamed.switch, settings()).observed)).toBe(false);
});

test('settings that lead to an original again are known although the marker is still there', () => {
  const { observed } = look(rows.switched, phaseNamed.switch, settings());
  const { appSettings } = observed.production;
  const leading = slot('production', { appSettings, connectionStrings: connectionTo('SHOP') });
  expect(isOverwritten({ ...observed, production: leading })).toBe(true);
  expect(leadsToOriginal({ ...observed, production: leading })).toBe(true);
  expect(leadsToOriginal(observed)).toBe(false);
});

test.each<[string, (seen: Observed) => Partial<Observed>]>([
  ['nothing is recorded', () => ({ record: null })],
  ['a swap is open', ({ record }) => ({ record: record && { ...record, intent: INTENT } })],
  ['the slot of the live build is gone', () => ({ readonlySlot: null })],
  ['the clone is gone', ({ databases }) => ({ databases: databases.map((pair) => ({ ...pair, clone: null })) })],
  ['the window is closed', ({ record }) => ({ record: record && { ...record, windowClosedAt: NOW } })],
  ['somebody has swapped since', () => ({ production: slot('production') })],
])('no copy can be made anew over it when %s', (_what, differences) => {
  const seen = overwritten();
  expect(isOverwritten({ ...seen, ...differences(seen) })).toBe(false);
});

test('a clone that production names in any letter case serves visitors', () => {
  const ours = [database(CLONE)];
  const production = slot('production', { connectionStrings: connectionTo(CLONE.toUpperCase()) });
  expect(namesClone({ production, ours })).toBe(true);
  expect(namesClone({ production: slot('production'), ours })).toBe(false);
  expect(isNamedIn({ appSettings: { Db: `Database=${CLONE.toUpperCase()}` }, connectionStrings: {} }, CLONE)).toBe(
    true,
  );
  expect(isNamedIn({ appSettings: { Db: `Database=${CLONE}` }, connectionStrings: {} }, CLONE.toUpperCase())).toBe(
    true,
  );
});

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  [`DOCKER|shop.azurecr.io/shop@${DIGEST}`, 'DOCKER|shop.azurecr.io/shop:7', `shop.azurecr.io/shop:7@${DIGEST}`],
  [`DOCKER|shop.azurecr.io/shop@${DIGEST}`, `DOCKER|shop.azurecr.io/shop@${DIGEST}`, `shop.azurecr.io/shop@${DIGEST}`],
  ['DOCKER|shop.azurecr.io/shop:7', 'DOCKER|shop.azurecr.io/shop:7', null],
  [`DOCKER|shop.azurecr.io/other@${DIGEST}`, 'DOCKER|shop.azurecr.io/shop:7', null],
  [`DOCKER|shop.azurecr.io/shop@${DIGEST}`, 'DOTNETCORE|8.0', null],
  ['DOTNETCORE|8.0', 'DOTNETCORE|8.0', null],
])('the image of the copy, where production runs %s and the live build waits as %s', (runs, waits, image) => {
  const production = slot('production', { travelling: { linuxFxVersion: runs } });
  const readonlySlot = slot('zdd-readonly', { travelling: { linuxFxVersion: waits } });
  expect(imageOfCopy({ ...overwritten(), production, readonlySlot })).toBe(image);
  expect(imageOfCopy({ ...overwritten(), production, readonlySlot: null })).toBeNull();
});

test('it is enough that one string leads to one original, and one to one clone', () => {
  const look = overwritten();
  const [pair] = look.databases;
  if (!pair) throw new Error('The row has a database.');
  const databases = [{ ...pair, name: 'orders' }, pair];
  const on = (...names: string[]) => slot('production', { connectionStrings: connectionTo(...names) });
  expect(leadsToOriginal({ ...look, production: on('other', 'shop'), databases })).toBe(true);
  expect(
    namesClone({ production: on('other', CLONE), ours: [database('away-zdd-20260131-k7m2x'), database(CLONE)] }),
  ).toBe(true);
});

test('with one of several clones missing no copy can be made anew', () => {
  const look = overwritten();
  const [pair] = look.databases;
  if (!pair) throw new Error('The row has a database.');
  expect(isOverwritten(look)).toBe(true);
  expect(isOverwritten({ ...look, databases: [pair, { ...pair, clone: null }] })).toBe(false);
});

test('while a swap is open it is not known yet what visitors are on', () => {
  const look = overwritten();
  const appSettings = { ZDD_INSTANCE: `${look.deploymentId}/read-only/1` };
  const back = { ...look, production: slot('production', { appSettings, connectionStrings: connectionTo('shop') }) };
  expect(isOverwritten(back)).toBe(true);
  expect(isOverwritten({ ...back, record: back.record && { ...back.record, intent: INTENT } })).toBe(false);
});
