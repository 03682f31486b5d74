import { expect, test } from '@jest/globals';
import { begin, databases, production } from './trial.ts';

test('an original that fell asleep while nobody approved is woken', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  const shop = databases(trial).find(({ name }) => name === 'shop');
  if (shop) shop.status = 'Paused';
  expect((await trial.run('status')).result?.state).toBe('validated');
  expect(shop?.status).toBe('Paused');
  await trial.through('complete', 'cleanup');
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
});

test.each<[string, boolean, string, number | undefined]>([
  ['of a provisioned original, made serverless', false, 'GP_S_Gen5_2', -1],
  ['of a serverless original, made provisioned', true, 'GP_Gen5_2', undefined],
])('a clone %s has the pause of its own size: none', async (_, isServerless, objective, delay) => {
  const trial = begin();
  const shop = databases(trial).find(({ name }) => name === 'shop');
  if (isServerless)
    Object.assign(shop ?? {}, { sku: { name: 'GP_S_Gen5', tier: 'GeneralPurpose' }, autoPauseDelay: 60 });
  await trial.through(['clone', { 'clone-service-objective': objective }]);
  const clone = databases(trial).find(({ name }) => name.includes('-zdd-'));
  expect(clone?.autoPauseDelay).toBe(delay);
});
