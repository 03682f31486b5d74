import { expect, test } from '@jest/globals';
import { scaleSteps } from '../../src/phases/plan-size.ts';
import { refuseNewIdentity, slotUserSteps } from '../../src/phases/slot-users.ts';
import { settings, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

const SAID = { because: expect.any(String) };
const [READONLY, STAGING] = [slot('zdd-readonly'), slot('zdd-staging')];
const { observed } = seen(rows.cloned, 'clone');

test('a plan is scaled up once, for as many slots as are to be made, and only where somebody agreed', () => {
  const scale = (more: object = {}, sku = 'P1v3') =>
    scaleSteps(settings(sku === '' ? {} : { 'plan-sku': sku }), { ...observed, ...more });
  const step = (slots: number) => [{ kind: 'scale-plan', sku: 'P1V3', slots, ...SAID }];
  expect(scale()).toEqual(step(2));
  expect(scale({ readonlySlot: READONLY })).toEqual(step(1));
  expect(scale({ readonlySlot: READONLY, stagingSlot: STAGING })).toEqual([]);
  expect(scale({}, '')).toEqual([]);
  const thisRun = { ...observed.thisRun, done: [{ kind: 'scale-plan', subject: '' }] };
  expect(scale({ thisRun })).toEqual([]);
});

const value = 'Server=tcp:shop-sql.database.windows.net;Database=shop;Authentication=Active Directory Managed Identity';
const SIGNS_IN = { connectionStrings: { Db: { value, type: 'SQLAzure' } } };

test('slots that are to have users are made first, on a plan with room for them', () => {
  const production = slot('production', SIGNS_IN);
  const of = (more: Differences['look'] = {}) => {
    const { known, observed: look } = seen(rows.cloned, 'clone', {
      inputs: { 'slot-users': 'true', 'plan-sku': 'P1v3' },
      record: { cloned: undefined },
      look: { production, ...more },
    });
    return slotUserSteps(known, look);
  };
  const create = (name: string) => ({ kind: 'create-slot', slot: name, ...SAID });
  const add = { kind: 'add-slot-users', slots: ['zdd-readonly', 'zdd-staging'], ...SAID };
  const scale = (slots: number) => ({ kind: 'scale-plan', sku: 'P1V3', slots, ...SAID });
  expect(of()).toEqual([[scale(2)], [create('zdd-readonly'), create('zdd-staging')], [add]]);
  expect(of({ readonlySlot: READONLY })).toEqual([[scale(1)], [create('zdd-staging')], [add]]);
});

test('a slot that signs in as itself is not made anew: the databases do not know who comes', () => {
  const site = { ...slot('x').site, identity: { ...slot('x').site.identity, type: 'SystemAssigned' } };
  const refused = (
    differences: Parameters<typeof slot>[1],
    from: (typeof rows)[keyof typeof rows] = rows.cloned,
  ): unknown => {
    const { observed: look } = seen(from, 'deploy');
    const [production, readonlySlot] = [slot('production', differences), slot('zdd-readonly', differences)];
    const found = from === rows.cloned ? { ...look, production } : { ...look, readonlySlot };
    return stopOr(() => refuseNewIdentity(found, 'zdd-staging')) ?? 'goes on';
  };
  expect(refused({ ...SIGNS_IN, site })).toMatchObject({
    kind: 'refused',
    next: expect.stringMatching(/^Run "cleanup"/),
  });
  expect(refused({ ...SIGNS_IN, site }, rows.switched)).toMatchObject({
    next: expect.stringMatching(/^Run "rollback", then "cleanup"/),
  });
  expect(refused({ site })).toBe('goes on');
  expect(refused(SIGNS_IN)).toBe('goes on');
  expect(refused({ ...SIGNS_IN, site, appSettings: { AZURE_CLIENT_ID: 'x' } })).toBe('goes on');
});
