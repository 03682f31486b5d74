import { expect, test } from '@jest/globals';
import type { InProcessRun } from '../../simulator/in-process/run-in-process.ts';
import { begin, databaseLines, packageOf, production, type Stage, type Trial } from './trial.ts';

const DATABASE = { 'rollback-scope': 'code-and-database' };
const FIXED = { package: packageOf('same-schema'), 'app-settings': 'SHOP_NAME=Fixed' };
const WAYS: readonly (readonly [string, readonly Stage[]])[] = [
  ['roll forward', [['deploy', FIXED]]],
  ['roll the code back', [['rollback', { 'rollback-scope': 'code', 'ignore-schema': 'true' }]]],
];

test('a restore that Azure refuses for good must say the ways that are left, not to try again', async () => {
  const { failure } = await refused(begin());
  expect(failure?.next).toMatch(/^Run "deploy" with a fixed package, or run "rollback" with rollback-scope: code/);
  expect(failure?.next).toMatch(/A limit of the subscription, server, pool or region is reached/);
});

test.each(WAYS)('after a restore that Azure refuses for good one can %s, to the end', async (_, way) => {
  const trial = begin();
  await refused(trial);
  const { result } = await trial.run('status');
  expect(result?.nextPhases).toEqual(expect.arrayContaining(['rollback', 'deploy']));
  await trial.through(...way, 'validate', 'complete', 'cleanup');
  expect(production(trial)).toMatchObject({ reads: 200, writes: 201 });
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1']);
});

test('a restore that Azure accepts and that fails is asked for once in a run, and the ways that are left are said', async () => {
  const trial = begin();
  const { failure } = await refused(trial, 'restores-fail');
  expect(failure?.happened).toMatch(/^The restore \S+ failed: Azure does not show it any more\.$/);
  expect(failure?.next).toMatch(/^Run "deploy" with a fixed package, or run "rollback" with rollback-scope: code/);
  expect(failure?.next).toMatch(/Look for the reason in the activity log of the server, then run "rollback" again/);
  expect(trial.lines.filter((line) => line.startsWith('Restore shop '))).toHaveLength(1);
});

test('one that vanishes before anybody has seen it is asked for no more often', async () => {
  const before = begin();
  await before.through('clone', 'read-only', 'switch', 'deploy');
  let asked = 0;
  const around: InProcessRun['around'] = (ports) => ({
    ...ports,
    async send(request, signal) {
      if (!/databases\/[^/?]+-restored\b/.test(request.url)) return ports.send(request, signal);
      if (request.method === 'PUT') asked++;
      const answer = await ports.send(request, signal);
      for (const server of Object.values(before.world.sql.servers)) {
        for (const name of Object.keys(server.databases)) if (/-restored$/.test(name)) delete server.databases[name];
      }
      return answer;
    },
  });
  const trial = begin({}, { world: before.world, clock: before.clock, around });
  const { failure } = await trial.run('rollback', DATABASE);
  expect(asked).toBe(1);
  expect(failure?.next).toContain('Run "deploy" with a fixed package');
});

test.each(WAYS)('after a restore that failed one can %s, to the end', async (_, way) => {
  const trial = begin();
  await refused(trial, 'restores-fail');
  await trial.through(...way, 'validate', 'complete', 'cleanup');
  expect(production(trial)).toMatchObject({ reads: 200, writes: 201 });
});

test('what a refused rollback has begun is no longer in the way once a restore is possible again', async () => {
  const trial = begin();
  await refused(trial);
  await trial.through(['deploy', FIXED]);
  delete trial.world.variants['restores-refused'];
  await trial.through(['rollback', DATABASE], 'validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('once a restored database has become the original no other way may begin', async () => {
  const before = begin();
  await before.through('clone', 'read-only', 'switch', 'deploy');
  const trial = begin(
    {},
    {
      world: before.world,
      clock: before.clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          if (request.url.includes('/move?')) throw new Error('The network is down.');
          return ports.send(request, signal);
        },
      }),
    },
  );
  const { failure } = await trial.run('rollback', DATABASE);
  expect(failure).toBeDefined();
  const { failure: deployed } = await trial.run('deploy');
  expect(deployed?.happened).toContain('is under way');
  const { failure: code } = await trial.run('rollback', { 'ignore-schema': 'true' });
  expect(code?.happened).toContain('has begun to move databases');
});

/** A rollback of the database up to the refusal. */
async function refused(trial: Trial, how: 'restores-refused' | 'restores-fail' = 'restores-refused') {
  await trial.through('clone', 'read-only', 'switch', ['deploy', { package: packageOf('same-schema') }]);
  trial.world.variants[how] = true;
  return trial.run('rollback', DATABASE);
}
