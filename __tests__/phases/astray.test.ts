import { expect, test } from '@jest/globals';
import {
  candidateOf,
  companionEntries,
  companionSettings,
  copyOf,
  namedCompanions,
  recordedCompanions,
} from '../../src/deployment/companions.ts';
import type { Companion, Observed } from '../../src/deployment/observed.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { Stop } from '../../src/errors.ts';
import { astrayPlan, companionAstrayPlan } from '../../src/phases/astray.ts';
import { slotUserSteps } from '../../src/phases/slot-users.ts';
import { ID, settings, slot } from './observed.ts';
import { rows } from './rows.ts';
import { seen, stopOr } from './seen.ts';

const STOP = new Stop('failed', 'The copy works on shop.', 'Look at its settings.');
const ASTRAY = { slot: 'zdd-readonly', stop: STOP };
const { observed } = seen(rows.ready, 'switch');
const copy = slot('zdd-readonly', { ...rows.ready.slots['zdd-readonly'] });

function companion(differences: Partial<Companion['look']> = {}, does: Companion['does'] = 'read-only'): Companion {
  const { app, production, stagingSlot } = observed;
  return {
    key: 'rg/admin',
    does,
    look: { app, production, readonlySlot: copy, stagingSlot, newBuild: null, liveImage: null, ...differences },
  };
}

test('a copy that may work on an original is stopped first, and then it is said', () => {
  const look = (state: string): Observed => ({
    ...observed,
    readonlySlot: slot('zdd-readonly', { ...copy, state }),
    thisRun: { ...freshRun, astray: ASTRAY },
  });
  expect(astrayPlan(observed)).toBeUndefined();
  expect(astrayPlan(look('Running'))).toMatchObject([[{ kind: 'stop-slot', slot: 'zdd-readonly' }]]);
  expect(stopOr(() => astrayPlan(look('Stopped')))).toBe(STOP);
});

test('the same of the copy of another app, which is stopped as its own', () => {
  const look = (state: string): Observed => ({
    ...observed,
    companions: [companion({ readonlySlot: slot('zdd-readonly', { ...copy, state }) })],
    thisRun: { ...freshRun, companions: { 'rg/admin': { ...freshRun, astray: ASTRAY } } },
  });
  expect(companionAstrayPlan({ ...observed, companions: [companion()] })).toBeUndefined();
  expect(companionAstrayPlan(look('Running'))).toMatchObject([
    [{ kind: 'stop-slot', slot: 'zdd-readonly', of: 'rg/admin' }],
  ]);
  expect(stopOr(() => companionAstrayPlan(look('Stopped')))).toBe(STOP);
});

test('apps that move along are recorded and read back as they were named, and those that stop are none', () => {
  const asked = settings({ 'other-apps': 'admin = /release/admin.zip\nsearch = read-only\nreports = stop' });
  const named = namedCompanions(asked);
  expect(named).toEqual([
    { key: 'shop-rg/admin', does: 'build' },
    { key: 'shop-rg/search', does: 'read-only' },
  ]);
  const { record } = seen(rows.ready, 'switch', { record: { companions: companionEntries(asked) } });
  expect(recordedCompanions(record)).toEqual(named);
  expect(recordedCompanions({ ...record, companions: undefined })).toEqual([]);
});

test('what is said of the pages and the disk of the first app is said of no other', () => {
  const asked = settings({
    'other-apps': 'admin = /release/admin.zip\nsearch = read-only',
    'read-only-probes': 'POST /order -> 503',
    'write-probes': 'POST /ping -> 200',
    'expected-version': '2',
  });
  const own = companionSettings(asked, 'shop-rg/admin');
  expect(own).toMatchObject({
    resourceGroup: 'shop-rg',
    appName: 'admin',
    package: '/release/admin.zip',
    packageUrl: undefined,
    image: undefined,
  });
  expect([own.readOnlyProbes, own.writeProbes, own.expectedVersion]).toEqual([[], [], undefined]);
  expect(companionSettings(asked, 'shop-rg/search')).toMatchObject({ appName: 'search', package: undefined });
});

test('the copy of another app is found by its marker, wherever it is', () => {
  const marked = (name: string) => slot(name, { appSettings: { ZDD_INSTANCE: `${ID}/read-only/1` } });
  const found = (look: Partial<Companion['look']>) => copyOf(observed, companion(look))?.name;
  expect(found({ readonlySlot: marked('zdd-readonly') })).toBe('zdd-readonly');
  expect(found({ readonlySlot: slot('zdd-readonly'), stagingSlot: marked('zdd-staging') })).toBe('zdd-staging');
  expect(found({ readonlySlot: slot('zdd-readonly'), stagingSlot: null })).toBeUndefined();
  expect(candidateOf({ record: null }, companion({}, 'build'))?.name).toBe('zdd-readonly');
});

test('users of slots are made where slots sign in as themselves and somebody agrees, once, and before the clones are closed', () => {
  const identity = {
    connectionStrings: {
      Db: {
        value:
          'Server=tcp:shop-sql.database.windows.net;Database=shop;Authentication=Active Directory Managed Identity',
        type: 'SQLAzure',
      },
    },
  };
  const production = slot('production', identity);
  const kinds = (differences: Parameters<typeof seen>[2]) => {
    const { known, observed: look } = seen(rows.cloned, 'clone', { inputs: { 'slot-users': 'true' }, ...differences });
    return slotUserSteps(known, look)
      .flat()
      .map(({ kind }) => kind);
  };
  const open = { record: { cloned: undefined }, look: { production } };
  expect(kinds(open)).toEqual(['create-slot', 'create-slot', 'add-slot-users']);
  expect(kinds({ ...open, look: { production, readonlySlot: copy } })).toEqual(['create-slot', 'add-slot-users']);
  expect(kinds({ ...open, inputs: {} })).toEqual([]);
  expect(kinds({ look: { production } })).toEqual([]);
  expect(kinds({ record: { cloned: undefined } })).toEqual([]);
  expect(kinds({ ...open, run: { done: [{ kind: 'add-slot-users', subject: '' }] } })).toEqual([]);
});

test('the slots of an app that moves along get users as well, said to be its own', () => {
  const open = { inputs: { 'slot-users': 'true', 'other-apps': 'admin = read-only' }, record: { cloned: undefined } };
  const value =
    'Server=tcp:shop-sql.database.windows.net;Database=shop;Authentication=Active Directory Managed Identity';
  const production = slot('production', { connectionStrings: { Db: { value, type: 'SQLAzure' } } });
  const { known, observed: look } = seen(rows.cloned, 'clone', open);
  const steps = slotUserSteps(known, { ...look, companions: [companion({ production })] }).flat();
  expect(steps.filter(({ kind }) => kind === 'add-slot-users').map(({ of }) => of)).toEqual([companion().key]);
});
