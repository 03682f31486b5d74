import { expect, test } from '@jest/globals';
import type { Companion, Observed, Slot } from '../../src/deployment/observed.ts';
import { asksForSchema, type Bond, candidateFingerprint, changedBonds } from '../../src/deployment/verdict.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { database, settings, slot } from '../phases/observed.ts';
import { look } from '../phases/picture.ts';
import { rows } from '../phases/rows.ts';

const asked = settings({ phase: 'validate' });
const { observed } = look(rows.deployed, phaseNamed.validate, asked);
const [pair] = observed.databases;
const staging = observed.stagingSlot;
if (!staging || !pair) throw new Error('The row has a candidate and a database.');
const candidate: Slot = staging;
const { appSettings } = candidate;

const of = candidateFingerprint(asked, observed, candidate, 'passed');

function changes(inputs: Readonly<Record<string, string>>, world: Partial<Observed>, changed: Partial<Slot>) {
  const now = { ...observed, ...world };
  const fingerprint = candidateFingerprint(
    settings({ phase: 'complete', ...inputs }),
    now,
    slot('zdd-staging', { ...candidate, ...changed }),
    'passed',
  );
  return changedBonds(of, fingerprint);
}

test.each<[Bond, Readonly<Record<string, string>>, Partial<Observed>, Partial<Slot>]>([
  ['marker', {}, {}, { appSettings: { ...appSettings, ZDD_INSTANCE: `${observed.deploymentId}/new/2` } }],
  ['settings', {}, {}, { appSettings: { ...appSettings, A: '1' } }],
  ['settings', {}, {}, { connectionStrings: {} }],
  ['settings', {}, {}, { travelling: { linuxFxVersion: 'DOCKER|shop.azurecr.io/shop:3' } }],
  ['databases', {}, { databases: [{ ...pair, original: database('shop', { databaseId: 'another' }) }] }, {}],
  ['schema', {}, { sql: { shop: { readOnly: false, schemaVersion: '9' } } }, {}],
  ['query', { 'schema-version-query': 'SELECT 1' }, {}, {}],
])('a verdict holds for %s, and who finds another can say so', (bond, inputs, world, changed) => {
  expect(changes(inputs, world, changed)).toEqual([bond]);
});

test('a verdict holds whatever the time is, however the candidate runs and in whatever order its settings are listed', () => {
  const reordered = Object.fromEntries(Object.entries(appSettings).reverse());
  expect(changes({}, { now: 'later' }, { state: 'Stopped', appSettings: reordered })).toEqual([]);
});

test('it is known whether the schema version was asked for: with the input, or by the profile', () => {
  const asks = (inputs: Readonly<Record<string, string>>) =>
    asksForSchema(candidateFingerprint(settings({ phase: 'validate', ...inputs }), observed, candidate, 'passed'));
  expect(asks({})).toBe(false);
  expect(asks({ 'schema-version-query': 'SELECT 1' })).toBe(true);
  expect(asks({ profile: 'umbraco' })).toBe(true);
});

test('the result is part of what only those can tell who may list the settings', () => {
  const failed = candidateFingerprint(asked, observed, candidate, 'failed');
  expect(changedBonds(failed, of)).toEqual(['settings']);
});

test('of several apps a verdict holds for the candidate of each, by its marker, settings and connection strings', () => {
  const bonds = (changed: Partial<Slot>) => {
    const with_ = (stagingSlot: Slot) => {
      const companion: Companion = { key: 'rg/admin', does: 'build', look: { ...observed, stagingSlot } };
      return candidateFingerprint(asked, { ...observed, companions: [companion] }, candidate, 'passed');
    };
    return changedBonds(with_(candidate), with_(slot('zdd-staging', { ...candidate, ...changed })));
  };
  expect(bonds({})).toEqual([]);
  expect(bonds({ appSettings: { ...appSettings, ZDD_INSTANCE: `${observed.deploymentId}/new/2` } })).toEqual([
    'marker',
  ]);
  expect(bonds({ appSettings: { ...appSettings, A: '1' } })).toEqual(['settings']);
  expect(bonds({ connectionStrings: {} })).toEqual(['settings']);
});

test('that no schema version was answered is the same as an empty answer', () => {
  const sql = (schemaVersion: string | undefined) => ({ sql: { shop: { readOnly: false, schemaVersion } } });
  const print = (world: Partial<Observed>) =>
    candidateFingerprint(asked, { ...observed, ...world }, candidate, 'passed');
  expect(print(sql(undefined))).toBe(print(sql('')));
  expect(print({ sql: {} })).toBe(print(sql('')));
});
