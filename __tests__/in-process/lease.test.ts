import { expect, test } from '@jest/globals';
import { begin, databases, production } from './trial.ts';

test('of two runs at once one goes on, and the other names it and its owner', async () => {
  const first = begin();
  await first.through('clone', 'read-only');
  const second = begin({}, { world: first.world, clock: first.clock, runId: '2' });
  const [one, other] = await Promise.all([first.run('switch'), second.run('switch', { 'deployment-id': 'open' })]);
  expect(one.failure).toBeUndefined();
  expect(other.failure?.happened).toMatch(
    /Waited 1 min 0 s for deployment \S+ to be free; last seen: run org\/shop\/1\/1 of ada is at work on it\./,
  );
  expect(production(first)).toEqual({ version: '1', reads: 200, writes: 503 });
});

test('a clone that sleeps is woken for the lease: it is held where every other run looks for it', async () => {
  const before = begin();
  await before.through('clone', 'read-only');
  const clone = databases(before).find(({ name }) => name.includes('-zdd-'));
  if (clone) clone.status = 'Paused';
  const held: string[] = [];
  const trial = begin(
    {},
    {
      world: before.world,
      clock: before.clock,
      around: (ports) => ({
        ...ports,
        sql: {
          async connect(target) {
            const { query, close } = await ports.sql.connect(target);
            return {
              close,
              query(statement, parameters) {
                if (/sp_getapplock/.test(statement)) held.push(target.database);
                return query(statement, parameters);
              },
            };
          },
        },
      }),
    },
  );
  await trial.through('switch');
  expect(held).toEqual([clone?.name]);
});
