import { expect, test } from '@jest/globals';
import { writeRow } from '../../simulator/model/sql/rows.ts';
import { type SqlConnection, SqlError } from '../../src/ports.ts';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin, databases, type Trial } from './trial.ts';

const TO_THE_WINDOW = ['clone', 'read-only'] as const;
const FROM_THERE = ['switch', 'deploy', 'validate', 'complete'] as const;

test('cleanup says that nothing was lost with the copy, by the checksum of all its rows', async () => {
  const trial = begin();
  await trial.through(...TO_THE_WINDOW, ...FROM_THERE);
  const { notes, warnings } = await trial.run('cleanup');
  expect(notes.find((note) => note.startsWith('Nothing was lost'))).toMatch(
    /^Nothing was lost with shop-zdd-\S+: each of its tables had the checksum .* READ_ONLY to the end; its 2 tables had \d+ rows\.$/,
  );
  expect(warnings.join()).not.toMatch(/shop-zdd/);
});

test('a copy that somebody opened and wrote to is no proof, and cleanup says which table and how to look at it', async () => {
  const trial = begin();
  await trial.through(...TO_THE_WINDOW, ...FROM_THERE);
  const clone = cloneOf(trial);
  clone.isReadOnly = false;
  insert(trial, clone.name, 'stray');
  const { notes, warnings } = await trial.run('cleanup');
  expect(notes.join()).not.toContain('Nothing was lost');
  expect(warnings.join()).toMatch(
    /shop-zdd-\S+ was written to, and that went with it: dbo\.writes \+1 rows \(\d+ rows, \d+ when .* dbo\.writes \(1 statements, the last at .*az sql db restore/,
  );
});

test('a copy that was opened, written to and closed again is found out, though the engine has forgotten it', async () => {
  const trial = begin();
  await trial.through(...TO_THE_WINDOW, ...FROM_THERE);
  const clone = cloneOf(trial);
  clone.isReadOnly = false;
  insert(trial, clone.name, 'stray');
  clone.isReadOnly = true;
  delete clone.updates;
  const { notes, warnings, copies } = await trial.run('cleanup');
  expect(notes.join()).not.toContain('Nothing was lost');
  expect(warnings.join()).toMatch(
    /went with it: dbo\.writes \+1 rows \(\d+ rows, \d+ when the copy was complete\)\. Azure keeps/,
  );
  expect(copies?.[0]?.since).toMatchObject({ by: 'sums', same: false });
});

test('a copy too large for checksums is proven by its rows and the engine’s counters', async () => {
  const trial = begin(
    {},
    { around: (ports) => ({ ...ports, sql: { connect: async (target) => large(await ports.sql.connect(target)) } }) },
  );
  await trial.through(...TO_THE_WINDOW, ...FROM_THERE);
  const { notes } = await trial.run('cleanup');
  expect(notes.find((note) => note.startsWith('Nothing was lost'))).toMatch(
    /no statement that wrote to it .* 2 tables had \d+ rows, as many in each as when the copy was complete\.$/,
  );
});

test.each([0, 596, 40613])(
  'a connection that is lost (%i) while checksums are read costs nothing: they are asked for again',
  async (number) => {
    let drops = 0;
    const dropping = (connection: SqlConnection): SqlConnection => ({
      ...connection,
      query: async (sql: string, parameters = {}) => {
        if (drops === 0 || !/CHECKSUM/.test(sql)) return connection.query(sql, parameters);
        drops--;
        throw new SqlError(number, 'Gone.');
      },
    });
    const trial = begin(
      {},
      {
        around: (ports) => ({
          ...ports,
          sql: { connect: async (target) => dropping(await ports.sql.connect(target)) },
        }),
      },
    );
    drops = 1;
    await trial.through(...TO_THE_WINDOW, ...FROM_THERE);
    expect(drops).toBe(0);
    drops = 1;
    const { notes, copies } = await trial.run('cleanup');
    expect([drops, notes.join()]).toEqual([0, expect.stringContaining('Nothing was lost with shop-zdd-')]);
    expect(copies?.[0]?.since).toMatchObject({ by: 'sums', same: true });
  },
);

test('in mode read-write what visitors wrote to the copy is told by table before it is forgotten', async () => {
  const trial = begin();
  const mode = { mode: 'read-write', 'accept-data-loss': 'true', 'readonly-settings': 'SHOP_BACKGROUND=off' };
  for (const phase of [...TO_THE_WINDOW, 'switch']) await trial.through([phase, mode]);
  insert(trial, cloneOf(trial).name, 'order-1');
  insert(trial, cloneOf(trial).name, 'order-2');
  for (const phase of ['deploy', 'validate', 'complete']) await trial.through([phase, mode]);
  const { warnings } = await trial.run('cleanup', mode);
  expect(warnings.join()).toMatch(/went with it: dbo\.writes \+\d rows \(.* dbo\.writes \(\d+ statements/);
});

test('what was written between snapshot and switch is told to reviewers, by table and rows', async () => {
  const trial = begin();
  await trial.through(...TO_THE_WINDOW);
  for (const id of ['a', 'b', 'c']) insert(trial, 'shop', id);
  const { result } = await trial.run('switch');
  const before = result?.gapRows ?? 0;
  expect(before).toBeGreaterThanOrEqual(3);
  await trial.through('deploy');
  const validated = await trial.run('validate');
  // What the migration adds later counts for nothing.
  expect(validated.result?.gapRows).toBe(before);
  expect(summaryOf(validated)).toContain(`Between the snapshot and the switch: dbo.writes +${before}.`);
});

test('that nobody could ask what was written keeps nobody from the switch', async () => {
  const trial = begin(
    {},
    {
      around: (ports) => ({ ...ports, sql: { connect: async (target) => refusing(await ports.sql.connect(target)) } }),
    },
  );
  await trial.through(...TO_THE_WINDOW);
  const { failure, result } = await trial.run('switch');
  expect([failure, result?.gapRows]).toEqual([undefined, undefined]);
});

/** As if it had a TiB. */
function large(connection: SqlConnection): SqlConnection {
  return {
    ...connection,
    query: async (sql: string, parameters = {}) => {
      if (/CHECKSUM/.test(sql)) throw new Error('Nobody reads so much.');
      if (/allocation_units/.test(sql)) return [{ pages: 134_217_728 }];
      return connection.query(sql, parameters);
    },
  };
}

function refusing(connection: SqlConnection): SqlConnection {
  return {
    ...connection,
    query: async (sql: string, parameters = {}) => {
      if (/sys\.partitions/.test(sql)) throw new Error('The connection is gone.');
      return connection.query(sql, parameters);
    },
  };
}

function cloneOf(trial: Trial) {
  const clone = databases(trial).find(({ name }) => name !== 'shop');
  if (!clone) throw new Error('There is a clone.');
  return clone;
}

/** As somebody with a query window would. */
function insert(trial: Trial, database: string, id: string): void {
  const found = databases(trial).find(({ name }) => name === database);
  if (!found) throw new Error(`There is no ${database}.`);
  const refused = writeRow(trial.world, found.contentId, { id, at: trial.clock.now(), by: 'ssms' });
  if (refused) throw new Error(refused.message);
}
