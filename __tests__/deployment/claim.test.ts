import { expect, test } from '@jest/globals';
import { claimTags } from '../../src/deployment/claim.ts';
import { parseCloneTags } from '../../src/deployment/clone-tags.ts';
import { parseRecord } from '../../src/deployment/record-tags.ts';
import { settingsOf } from '../inputs/environment.ts';
import { CLONE, ID, NOW, observed } from '../phases/observed.ts';

const look = observed({
  run: 'contoso/shop/7001/2',
  app: { ...observed().app, name: 'Shop', resourceGroup: 'Shop-RG' },
});
const given = (inputs: Readonly<Record<string, string>> = {}) =>
  settingsOf({ phase: 'clone', package: '/release/new.zip', ...inputs }, { GITHUB_ACTOR: 'ada' });
const written = (inputs: Readonly<Record<string, string>>, requestedAt?: string) =>
  parseRecord(claimTags(given(inputs), look, CLONE, requestedAt));

test('the first thing that is written of a deployment says whose it is, and what every later run goes by', () => {
  const inputs = {
    'readonly-slot': 'copy',
    'staging-slot': 'next',
    profile: 'umbraco',
    'other-apps': 'admin = read-only\nworker = stop',
  };
  const read = {
    deploymentId: ID,
    app: 'shop-rg/shop',
    run: 'contoso/shop/7001/2',
    actor: 'ada',
    lock: 'claim',
    mode: 'read-only',
    server: 'shop-sql',
    databases: ['shop'],
    readonlySlot: 'copy',
    stagingSlot: 'next',
    profile: 'umbraco',
    requestedAt: NOW,
    companions: ['shop-rg/admin=read-only'],
    swaps: 0,
    settledSwaps: 0,
    attempt: 0,
  };
  expect(written(inputs)).toEqual({ read });
});

test('when the copy was asked for is what the caller knows, not what the clock says', () => {
  const asked = '2026-01-01T00:00:00.000Z';
  expect(written({}, asked)).toMatchObject({ read: { requestedAt: asked } });
});

test('what no input asks for takes no tag of the few that there are', () => {
  const names = Object.keys(claimTags(given(), look, CLONE));
  expect(names).toEqual(expect.not.arrayContaining(['zdd-companions']));
  expect(names).toEqual(expect.not.arrayContaining(['zdd-no-database-rollback']));
  expect(written({ 'no-database-rollback': 'true' })).toMatchObject({ read: { noDatabaseRollback: 'yes' } });
});

test('the claim stands once; on another server each clone says where, so that nobody begins a second deployment there', () => {
  expect(claimTags(given(), look, 'orders-zdd-x')).toEqual({});
  const elsewhere = claimTags(given(), look, `second-sql/orders-zdd-${ID}`);
  const told = { 'zdd-deployment': ID, 'zdd-source': 'orders', 'zdd-source-id': '1', 'zdd-copy-requested-at': NOW };
  expect(parseRecord(elsewhere)).toBeUndefined();
  expect(parseCloneTags({ ...told, ...elsewhere })).toMatchObject({
    read: { app: 'shop-rg/shop', recordOn: `shop-sql/${CLONE}` },
  });
});
