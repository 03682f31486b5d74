import { expect, test } from '@jest/globals';
import { setSchema } from '../../simulator/model/sql/rows.ts';
import type { Check } from '../../src/deployment/check.ts';
import { begin, databases, type Trial } from './trial.ts';

const BACK = ['rollback', { 'rollback-scope': 'code-and-database' }] as const;

/** Of every database it is compared what version was before, and what it is now. */
const OF_SHOP = ['Database shop takes writes', 'Settings lead to shop, not to its clone', 'Schema version of shop'];

test('validate looks into the originals and into the clones, after a deploy and after a rollback', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const deployed = await checks(trial);
  expect(deployed.map(({ name }) => name)).toEqual(expect.arrayContaining(['GET /health', ...OF_SHOP]));
  expect(deployed.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(found(deployed)).toBe('2, was 1');

  await trial.through(BACK);
  const rolledBack = await checks(trial);
  expect(rolledBack.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['GET /health', 'GET /health as production', ...OF_SHOP]),
  );
  expect(found(rolledBack)).toBe('1');
});

test('a live build that came back to another schema than it left does not pass', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', BACK);
  const shop = databases(trial).find(({ name }) => name === 'shop');
  setSchema(trial.world, shop?.contentId ?? '', '1.5', trial.clock.now());
  const { failure } = await trial.run('validate');
  expect(failure?.happened).toContain('Schema version of shop 1.5, was 1');
});

async function checks(trial: Trial): Promise<readonly Check[]> {
  const { failure, phases } = await trial.run('validate');
  expect(failure).toBeUndefined();
  return phases[0]?.checks ?? [];
}

function found(all: readonly Check[]): string | undefined {
  return all.find(({ name }) => name === 'Schema version of shop')?.found;
}
