import { expect, test } from '@jest/globals';
import { takeViewAway } from '../../simulator/torture/blind.ts';
import { begin, production } from './trial.ts';

const LACKS = /lacks VIEW DATABASE STATE on database shop/;

test('read-only must not take a list of sessions for separation that shows only our own', async () => {
  const trial = begin();
  await trial.through('clone');
  takeViewAway(trial.world);
  const { failure } = await trial.run('read-only');
  expect(failure?.kind).toBe('refused');
  expect(failure?.happened).toMatch(/lacks VIEW DATABASE STATE on database shop-zdd-\S+, shop, so it cannot see who/);
});

test('switch must not move anybody when it cannot see who is connected', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only');
  takeViewAway(trial.world);
  const { failure } = await trial.run('switch');
  expect(failure?.happened).toMatch(LACKS);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('complete must not call production cut off from its database when it only cannot see', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  takeViewAway(trial.world);
  const { failure } = await trial.run('complete');
  expect(failure?.happened).toMatch(LACKS);
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
});
