import { expect, test } from '@jest/globals';
import { seesOthers, sessions } from '../../src/azure/sql-sessions.ts';
import {
  askSchemaVersion,
  isOccupied,
  quoted,
  refusesWrites,
  serverTime,
  setReadOnly,
} from '../../src/azure/sql-statements.ts';
import { type SqlConnection, SqlError, type SqlRow } from '../../src/ports.ts';

/** Answers every statement with the same rows or error; `asked` lists the statements. */
function connection(answer: readonly SqlRow[] | SqlError): SqlConnection & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async query(statement) {
      asked.push(statement);
      if (answer instanceof SqlError) throw answer;
      return answer;
    },
    close: async () => undefined,
  };
}

test('a name must not end its own quotes', async () => {
  expect(quoted('a]; DROP TABLE x --')).toBe('[a]]; DROP TABLE x --]');
  const database = connection([]);
  await setReadOnly(database, 'shop]');
  expect(database.asked).toEqual(['ALTER DATABASE [shop]]] SET READ_ONLY WITH NO_WAIT']);
});

test.each([
  ['2026-01-02T03:04:05.1234567', '2026-01-02T03:04:05.1234567Z'],
  ['2026-01-02T03:04:05', '2026-01-02T03:04:05.0000000Z'],
  ['2026-01-02T03:04:05.12', '2026-01-02T03:04:05.1200000Z'],
])('the time of the database must always have 7 decimals: %s', async (now, expected) => {
  expect(await serverTime(connection([{ now }]))).toBe(expected);
});

test('only 3906 must count as proof that writes are refused', async () => {
  expect(await refusesWrites(connection(new SqlError(3906, 'Failed to update database.')))).toBe(true);
  expect(await refusesWrites(connection([]))).toBe(false);
  await expect(refusesWrites(connection(new SqlError(262, 'CREATE TABLE permission denied.')))).rejects.toThrow(
    'denied',
  );
});

test('seeing others must be proven by a session of our own', async () => {
  const second = connection([{ session_id: 71 }]);
  expect(await seesOthers(second, (look) => look(connection([{ session_id: 71 }])))).toBe(true);
  expect(await seesOthers(second, (look) => look(connection([{ session_id: 70 }])))).toBe(false);
  expect(await seesOthers(second, (look) => look(connection([])))).toBe(false);
});

test('errors of a change that others block must be known, whatever else comes with them', () => {
  expect(isOccupied(new SqlError(5061, ''))).toBe(true);
  expect(isOccupied(new SqlError([5070, 5069], ''))).toBe(true);
  expect(isOccupied(new SqlError([5069, 5070], ''))).toBe(true);
  // 5069 comes with every ALTER DATABASE that failed, whoever is there.
  expect(isOccupied(new SqlError([5084, 5069], ''))).toBe(false);
  expect(isOccupied(new SqlError([1468, 5069], ''))).toBe(false);
  expect(isOccupied(new SqlError(3906, ''))).toBe(false);
  expect(isOccupied(new Error('5061'))).toBe(false);
});

test('a schema version must be the first value, whatever its type', async () => {
  const asked = (rows: readonly SqlRow[]) => askSchemaVersion(connection(rows), 'SELECT …');
  expect(await asked([{ version: 7, other: 1 }, { version: 8 }])).toEqual({ schemaVersion: '7' });
  expect(await asked([{ version: null }])).toEqual({ schemaVersion: '' });
  expect(await asked([])).toEqual({ schemaVersion: '' });
});

test('a schema version query that the server refuses must be told in its words, and a broken connection must not', async () => {
  const missing = new SqlError(208, "Invalid object name 'missing'.");
  expect(await askSchemaVersion(connection(missing), 'SELECT …')).toEqual({ schemaRefused: missing.message });
  await expect(askSchemaVersion(connection(new SqlError(0, 'reset')), 'SELECT …')).rejects.toThrow('reset');
});

test('sessions in a workload group of Azure’s own are nobody’s, as far as the groups may be seen', async () => {
  const rows = [
    { session_id: 61, group_id: 7 },
    { session_id: 62, group_id: 260 },
    { session_id: 63, group_id: 8 },
  ];
  const groups = [
    { group_id: 7, name: 'UserPrimaryGroup.DBId5' },
    { group_id: 8, name: 'DACGroup' },
    { group_id: 260, name: 'InMemBackupRestoreGroup' },
  ];
  const seen = async (answer: readonly SqlRow[] | SqlError) => {
    const all = await sessions({
      async query(statement) {
        if (!statement.includes('workload_groups')) return rows;
        if (answer instanceof SqlError) throw answer;
        return answer;
      },
      close: async () => undefined,
    });
    return all.map(({ sessionId }) => sessionId);
  };
  expect(await seen(groups)).toEqual([61, 63]);
  expect(await seen(new SqlError(300, 'VIEW SERVER STATE permission was denied.'))).toEqual([61, 62, 63]);
  await expect(seen(new SqlError(0, 'socket hang up'))).rejects.toThrow('socket hang up');
});
