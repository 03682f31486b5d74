import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { writeRow } from '../../simulator/model/sql/rows.ts';
import type { LostWrites } from '../../src/deployment/lost-writes.ts';
import type { Ports, SqlConnection } from '../../src/ports.ts';
import { azure, begin, databaseLines, databases, type Inputs, type Trial } from './trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-lost-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MODE: Inputs = { mode: 'read-write', 'accept-data-loss': 'true', 'readonly-settings': 'SHOP_BACKGROUND=off' };
const BACK: Inputs = { ...MODE, 'rollback-scope': 'code-and-database' };

test('cleanup writes the rows that the original does not have, visitors’ among them, before it deletes it', async () => {
  const trial = begin();
  await inWindow(trial);
  const path = join(folder, 'lost.json');
  await trial.through(['deploy', MODE], ['validate', MODE], ['complete', MODE]);
  await trial.through(['cleanup', { ...MODE, 'lost-writes-file': path }]);
  const { version, deployment, databases: kept } = JSON.parse(readFileSync(path, 'utf8'));
  expect([version, deployment]).toEqual([1, expect.stringMatching(/^\d{8}-\w{5}$/)]);
  expect(kept).toMatchObject([{ database: 'shop', copy: `shop-zdd-${deployment}`, notCompared: [] }]);
  expect(ordersIn(kept)).toEqual(ORDERS);
  // What the update changed in the original cannot be told from what was written to the copy.
  const version1 = { table: 'dbo.schema_version', rows: [{ version: '1' }], onlyInOriginal: 1, inOriginal: true };
  expect(kept[0].tables).toContainEqual(version1);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 2']);
  expect(trial.lines.join('\n')).not.toContain('order-1');
});

test('after a rollback of the database it is what was written to the copy, and nothing of the update', async () => {
  const trial = begin();
  await inWindow(trial);
  const path = join(folder, 'back.json');
  await trial.through(['deploy', MODE], ['rollback', BACK], ['validate', MODE], ['complete', MODE]);
  await trial.through(['cleanup', { ...MODE, 'lost-writes-file': path }]);
  const kept = JSON.parse(readFileSync(path, 'utf8')).databases;
  expect(kept[0].tables).toHaveLength(1);
  expect(ordersIn(kept)).toEqual(ORDERS);
});

test('where the file cannot be written nothing is deleted, and the next run does it all', async () => {
  const trial = begin();
  await inWindow(trial);
  await trial.through(['deploy', MODE], ['validate', MODE], ['complete', MODE]);
  const before = azure(trial);
  const { failure } = await trial.run('cleanup', { ...MODE, 'lost-writes-file': join(folder, 'no/such/folder.json') });
  expect(failure?.happened).toMatch(
    /could not be written to .*folder\.json \(lost-writes-file\): ENOENT.* Nothing was deleted\.$/,
  );
  expect(azure(trial)).toEqual(before);
  const path = join(folder, 'again.json');
  await trial.through(['cleanup', { ...MODE, 'lost-writes-file': path }]);
  expect(JSON.parse(readFileSync(path, 'utf8')).databases).toHaveLength(1);
});

test('a table that is too large to be compared, and may have been written to, keeps everything', async () => {
  const trial = begin({}, { around: large });
  await inWindow(trial);
  const path = join(folder, 'large.json');
  const before = databaseLines(trial);
  const { failure } = await trial.run('cleanup', { ...MODE, 'lost-writes-file': path });
  // Visitors are on the copy yet.
  expect(failure?.kind).toBe('refused');
  await trial.through(['deploy', MODE], ['validate', MODE], ['complete', MODE]);
  const again = await trial.run('cleanup', { ...MODE, 'lost-writes-file': path });
  expect(again.failure?.happened).toMatch(
    /^Table dbo\.writes of shop-zdd-\S+ has 300000 rows, .* Nothing was deleted\.$/,
  );
  expect(existsSync(path)).toBe(false);
  expect(databaseLines(trial).length).toBe(before.length);
});

test('what an earlier run wrote stays, and in mode read-only nothing is written', async () => {
  const trial = begin();
  await inWindow(trial);
  const path = join(folder, 'lost.json');
  const earlier = readFileSync(path, 'utf8');
  await trial.through(['deploy', MODE], ['validate', MODE], ['complete', MODE]);
  const { result } = await trial.run('cleanup', { ...MODE, 'lost-writes-file': path });
  expect(readFileSync(path, 'utf8')).toBe(earlier);
  expect(result?.lostWrites).toBe(`${path}.2`);
  expect(existsSync(`${path}.2`)).toBe(true);
  const other = begin();
  const none = join(folder, 'none.json');
  await other.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete');
  await other.through(['cleanup', { 'lost-writes-file': none }]);
  expect(existsSync(none)).toBe(false);
});

const ORDERS = [
  { id: 'order-1', by: 'ada' },
  { id: 'order-2', by: 'bob' },
];

/** Beside what the copy wrote of itself when it started. */
function ordersIn([database]: readonly LostWrites[]): unknown {
  const writes = database?.tables.find(({ table }) => table === 'dbo.writes');
  return writes?.rows.filter(({ id }) => !String(id).startsWith('start-'));
}

/** Visitors are on the copy, and two of them have ordered something. */
async function inWindow(trial: Trial): Promise<void> {
  await trial.through(['clone', MODE], ['read-only', MODE], ['switch', MODE]);
  const clone = databases(trial).find(({ name }) => name.includes('-zdd-'));
  if (!clone) throw new Error('no clone');
  for (const order of ORDERS) writeRow(trial.world, clone.contentId, { ...order, at: trial.clock.now() });
}

function large(ports: Ports): Ports {
  return { ...ports, sql: { connect: async (target) => withLargeTables(await ports.sql.connect(target)) } };
}

function withLargeTables(connection: SqlConnection): SqlConnection {
  return {
    ...connection,
    async query(statement, parameters) {
      const rows = await connection.query(statement, parameters);
      return /SUM\(p\.rows\)/.test(statement)
        ? rows.map((row) => (row.table === 'writes' ? { ...row, rows: 300_000 } : row))
        : rows;
    },
  };
}
