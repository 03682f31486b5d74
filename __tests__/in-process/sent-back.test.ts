import { expect, test } from '@jest/globals';
import type { Ports } from '../../src/ports.ts';
import { begin, databaseLines, packageOf, production } from './trial.ts';

const WINDOW = ['clone', 'read-only', 'switch'] as const;
const BACK = { version: '1', reads: 200, writes: 201 };

test('before deploy a rollback brings visitors back at once, and the deployment can go on or end', async () => {
  for (const next of [['switch', 'deploy', 'validate', 'complete', 'cleanup'], ['cleanup']]) {
    const trial = begin();
    await trial.through(...WINDOW);
    const from = trial.clock.now();
    const { result, failure } = await trial.run('rollback');
    expect(failure).toBeUndefined();
    expect(production(trial)).toEqual(BACK);
    expect((trial.clock.now() - from) / 1000).toBeLessThan(90);
    expect([result?.state, result?.nextPhases]).toEqual(['read-only-ready', ['switch', 'cleanup']]);
    await trial.through(...next);
    expect(production(trial)).toMatchObject({ version: next.length > 1 ? '2' : '1', writes: 201 });
  }
});

test('also when deploy ended before it had changed anything', async () => {
  let isDown = false;
  const trial = begin({}, { around: (ports) => failing(ports, /zdd-staging\.scm\..*\/api\/publish/, () => isDown) });
  await trial.through(...WINDOW);
  isDown = true;
  const { failure } = await trial.run('deploy', { package: packageOf('same-schema') });
  expect(failure).toBeDefined();
  await trial.through('rollback');
  expect(production(trial)).toEqual(BACK);
  expect((await trial.run('status')).warnings).toEqual([]);
  isDown = false;
  await trial.through('cleanup');
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1']);
});

test('once deploy has opened the originals nobody is sent back unvalidated', async () => {
  const trial = begin({}, { around: (ports) => failing(ports, /zdd-staging\/start\?/) });
  await trial.through(...WINDOW);
  expect((await trial.run('deploy', { package: packageOf('same-schema') })).failure).toBeDefined();
  await trial.through('rollback');
  expect(production(trial)).toMatchObject({ version: '1', writes: 503 });
  await trial.through('validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual(BACK);
});

test('in mode read-write visitors have written to the copy, and nobody takes that from them by the way', async () => {
  const trial = begin();
  const inputs = { mode: 'read-write', 'accept-data-loss': 'true' };
  const [clone, ready, opened, back] = ['clone', 'read-only', 'switch', 'rollback'].map(
    (phase) => [phase, inputs] as const,
  );
  if (clone && ready && opened && back) await trial.through(clone, ready, opened, back);
  expect((await trial.run('status', inputs)).result?.state).toBe('rolled-back');
});

/** Azure refuses a request. */
function failing(ports: Ports, what: RegExp, when = () => true): Ports {
  return {
    ...ports,
    async send(request, signal) {
      if (when() && what.test(request.url))
        return { status: 400, headers: {}, body: new TextEncoder().encode('Not now.') };
      return ports.send(request, signal);
    },
  };
}
