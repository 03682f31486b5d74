import { expect, test } from '@jest/globals';
import { SqlError } from '../../src/ports.ts';
import { begin, databaseLines, packageOf, production, type Trial } from './trial.ts';

const WINDOW = ['clone', 'read-only', 'switch'];
const LIMIT = { 'max-read-only-minutes': '60' };
const back = { ...LIMIT, 'on-window-exceeded': 'rollback' };
const fail = { ...LIMIT, 'on-window-exceeded': 'fail' };
const HOUR = 3_600_000;

/** Through these phases, and then nobody comes for two hours. */
async function forgotten(...phases: readonly string[]): Promise<Trial> {
  const trial = begin();
  await trial.through(...WINDOW, ...phases);
  await trial.clock.sleep(2 * HOUR);
  return trial;
}

test('the watchdog brings visitors back where nothing of the new build has changed anything', async () => {
  const trial = await forgotten();
  const { failure, phases, result } = await trial.run('status', back);
  expect(failure).toBeUndefined();
  expect(phases.map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual(['status already', 'rollback done']);
  expect(result?.state).toBe('read-only-ready');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  expect(databaseLines(trial).filter((line) => line.startsWith('shop READ'))).toEqual(['shop READ_WRITE schema 1']);
  // As before "switch": another one opens another window.
  await trial.through('switch', 'deploy', 'validate', 'complete', 'cleanup');
});

test('within the limit it changes nothing, and neither does a dry run beyond it', async () => {
  const trial = begin();
  await trial.through(...WINDOW);
  expect((await trial.run('status', back)).phases.map(({ phase }) => phase)).toEqual(['status']);
  await trial.clock.sleep(2 * HOUR);
  await trial.run('status', { ...back, 'dry-run': 'true' });
  expect(production(trial).writes).toBe(503);
});

test.each([
  ['deploy', 'Run "rollback" with rollback-scope: auto.'],
  ['deploy,validate', 'Approve or reject the job that waits in that run; or run "rollback" with rollback-scope: auto.'],
])('once the new build was at work (%s) it moves nobody and says what a person can do', async (phases, next) => {
  const trial = await forgotten(...phases.split(','));
  const { failure, result } = await trial.run('status', back);
  expect(failure?.happened).toMatch(
    /^Visitors have been on the read-only copy for \d+ minutes, longer than max-read-only-minutes \(60\)\. ada began deployment .* They were not brought back by themselves: "deploy" or a rollback may have changed the databases\.$/,
  );
  expect(failure?.next).toBe(next);
  expect(result?.state).toBe(phases === 'deploy' ? 'deployed' : 'validated');
  expect(production(trial).writes).toBe(503);
  // As it says.
  await trial.through(['rollback', { 'rollback-scope': 'auto' }], 'validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('a deployment that died right at the beginning of deploy is brought back as well', async () => {
  let refuses = true;
  const trial = begin(
    {},
    {
      around: (ports) => ({
        ...ports,
        sql: {
          async connect(target) {
            const connection = await ports.sql.connect(target);
            return {
              ...connection,
              query: (statement, parameters) => {
                if (refuses && /SET READ_WRITE/.test(statement)) return Promise.reject(new SqlError(5061, 'no'));
                return connection.query(statement, parameters);
              },
            };
          },
        },
      }),
    },
  );
  await trial.through(...WINDOW);
  expect((await trial.run('deploy')).failure).toBeDefined();
  refuses = false;
  await trial.clock.sleep(2 * HOUR);
  expect((await trial.run('status', back)).failure).toBeUndefined();
  expect(production(trial).writes).toBe(201);
});

test('in mode read-write nobody is brought back: what they wrote would be lost', async () => {
  const trial = begin();
  const mode = {
    mode: 'read-write',
    'accept-data-loss': 'true',
    'readonly-settings': 'SHOP_BACKGROUND=off',
  };
  for (const phase of WINDOW) expect((await trial.run(phase, mode)).failure).toBeUndefined();
  await trial.clock.sleep(2 * HOUR);
  const { failure } = await trial.run('status', back);
  expect(failure?.happened).toContain('what they wrote meanwhile would be lost');
});

test('with warn the watchdog is green and says it', async () => {
  const trial = await forgotten();
  const { failure, warnings } = await trial.run('status', { ...LIMIT, 'on-window-exceeded': 'warn' });
  expect(failure).toBeUndefined();
  expect(warnings.join('\n')).toContain('longer than max-read-only-minutes (60)');
  expect((await trial.run('status', LIMIT)).failure?.happened).toContain('longer than max-read-only-minutes (60)');
});

test('validate and complete warn, and refuse where they shall; what ends the window is one input away', async () => {
  const trial = await forgotten('deploy', 'validate');
  expect((await trial.run('validate', LIMIT)).warnings.join('\n')).toContain('longer than max-read-only-minutes (60)');
  for (const phase of ['validate', 'complete']) {
    for (const policy of [fail, back]) {
      const { failure, result } = await trial.run(phase, policy);
      expect(failure?.kind).toBe('refused');
      expect(failure?.happened).toContain('longer than max-read-only-minutes (60)');
      expect(failure?.next).toBe(
        `Run "${phase}" with on-window-exceeded: warn, or "rollback" with rollback-scope: auto.`,
      );
      expect(result?.state).toBe('validated');
    }
  }
  await trial.through(['complete', { ...LIMIT, 'on-window-exceeded': 'warn' }]);
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
});

test('a live build that comes back is never refused for the length of the window', async () => {
  const trial = begin();
  await trial.through(...WINDOW, ['deploy', { package: packageOf('same-schema') }], 'rollback');
  await trial.clock.sleep(2 * HOUR);
  await trial.through(['validate', fail], ['complete', fail]);
  expect(production(trial).writes).toBe(201);
});
