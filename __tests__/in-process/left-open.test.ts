import { expect, test } from '@jest/globals';
import { SqlError } from '../../src/ports.ts';
import { begin } from './trial.ts';

test('when both databases refuse, both must be told, and every connection must be closed at the end', async () => {
  const before = begin({ databases: ['catalog', 'shop'] });
  await before.through('clone');
  const counts = { opened: 0, closed: 0 };
  const { world, clock } = before;
  const trial = begin(
    {},
    {
      world,
      clock,
      around: (ports) => ({
        ...ports,
        sql: {
          async connect(target) {
            const connection = await ports.sql.connect(target);
            counts.opened += 1;
            return {
              async query() {
                await clock.sleep(target.database === 'catalog' ? 10 : 5_000);
                throw new SqlError(229, `Nobody may look at ${target.database}.`);
              },
              async close() {
                counts.closed += 1;
                await connection.close();
              },
            };
          },
        },
      }),
    },
  );
  const { failure } = await trial.run('validate');
  const told = [failure?.happened, ...trial.lines].join('\n');
  expect(told).toContain('Nobody may look at catalog.');
  expect(told).toContain('Nobody may look at shop.');
  expect(counts.opened).toBeGreaterThan(1);
  expect(counts.closed).toBe(counts.opened);
});

test('what nobody expected must leave where it came from in the debug log', async () => {
  const trial = begin(
    {},
    {
      around: (ports) => ({
        ...ports,
        sql: {
          connect: () => Promise.reject(new TypeError('nothing is undefined', { cause: new Error('the driver') })),
        },
      }),
    },
  );
  const { failure } = await trial.run('clone');
  expect(failure?.kind).toBe('unexpected');
  expect(trial.lines.join('\n')).toMatch(
    /TypeError: nothing is undefined[\s\S]*left-open\.test\.ts\S*:\d+[\s\S]*Error: the driver/,
  );
});
