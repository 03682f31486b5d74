import { expect, test } from '@jest/globals';
import { begin, databaseLines, type Inputs, packageOf, production, type Stage } from './trial.ts';

const AUTO = { 'rollback-scope': 'auto' };
const WINDOW = ['clone', 'read-only', 'switch'];
const END = ['validate', 'complete', 'cleanup'];

const UNKNOWN = { 'schema-version-query': 'none' };

test.each<[string, readonly Stage[], Inputs, number]>([
  ['nothing was deployed', [], {}, 0],
  ['the schema is what it was', [['deploy', { package: packageOf('same-schema') }]], {}, 0],
  ['the schema has changed', ['deploy'], {}, 1],
  ['nobody can ask for the schema', [['deploy', UNKNOWN]], UNKNOWN, 1],
])(
  '`auto` restores the database only where the live build may not run on it: %s',
  async (_, stages, inputs, restores) => {
    const trial = begin();
    await trial.through(...WINDOW, ...stages, ['rollback', { ...AUTO, ...inputs }]);
    expect(databaseLines(trial).filter((line) => /-failed/.test(line))).toHaveLength(restores);
    // Where nothing was deployed visitors are back already.
    await trial.through(
      ...(stages.length === 0
        ? []
        : ([
            ['validate', inputs],
            ['complete', inputs],
          ] as const)),
      'cleanup',
    );
    expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  },
);

test('a migration that failed half-way: `auto` restores the database', async () => {
  const trial = begin({}, { run: async () => ({ exitCode: 1 }) });
  await trial.through(...WINDOW);
  const command = { 'migrate-command': './migrate' };
  expect((await trial.run('deploy', command)).failure).toBeDefined();
  await trial.through(['rollback', AUTO], ...END);
  expect(databaseLines(trial).join('\n')).toMatch(/-failed/);
});

test('where visitors would lose what they wrote `auto` leaves the decision to a person, with both ways', async () => {
  const trial = begin();
  await trial.through(...WINDOW, 'deploy', 'validate', 'complete');
  const { failure } = await trial.run('rollback', AUTO);
  expect(failure?.kind).toBe('refused');
  expect(failure?.next).toMatch(
    /rollback-scope: code-and-database and accept-data-loss: true, which loses what visitors have written since .*ignore-schema: true/,
  );
});

test('visitors who came after a rollback of the database have lost nothing, and it does not say so', async () => {
  const trial = begin();
  await trial.through(...WINDOW, 'deploy', ['rollback', { 'rollback-scope': 'code-and-database' }], 'validate');
  const { warnings } = await trial.run('complete');
  expect(warnings.join('\n')).toMatch(/A rollback has taken out of shop what was written after \S+Z\. It is still in/);
});
