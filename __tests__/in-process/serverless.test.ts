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
