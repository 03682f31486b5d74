import { expect, test } from '@jest/globals';
import { rowsOf } from '../../simulator/model/sql/rows.ts';
import { begin, databases, production, type Trial } from './trial.ts';

const DATABASE = ['rollback', { 'rollback-scope': 'code-and-database' }] as const;

test('what the live build writes after a rollback lies before the rollback point', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch');
  const first = (await trial.run('status')).result?.rollbackPoint;
  const before = rows(trial).length;
  await trial.through('rollback');
  expect(rows(trial).length).toBeGreaterThan(before);
  const written = rows(trial);

  const { failure } = await trial.run('deploy');
  expect(failure?.kind).toBe('refused');
  expect(failure?.next).toContain('"switch"');

  await trial.through('switch');
  const second = (await trial.run('status')).result?.rollbackPoint;
  expect(Date.parse(second ?? '')).toBeGreaterThan(Date.parse(first ?? ''));

  await trial.through('deploy', DATABASE, 'validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  // Started again, it writes again.
  expect(rows(trial).slice(0, written.length)).toEqual(written);
});

function rows({ world, ...trial }: Trial): string[] {
  const shop = databases({ world, ...trial }).find(({ name }) => name === 'shop');
  return rowsOf(world, shop?.contentId ?? '').map(({ id }) => id);
}
