import { expect, test } from '@jest/globals';
import { findDatabases } from '../../src/connection-strings/connection-strings.ts';
import { findOtherEngines } from '../../src/connection-strings/other-engines.ts';
import { mayNameAnother } from '../../src/connection-strings/unsure.ts';

function read(value: string, type = 'Custom') {
  const settings = { appSettings: {}, connectionStrings: { Data: { value, type } } };
  return {
    engine: findOtherEngines(settings)[0]?.engine,
    host: findDatabases(settings)[0]?.address.host,
    mayNameAnother: mayNameAnother(settings),
  };
}

test.each([
  ['PostgreSQL', 'Server=pg-a.postgres.database.azure.com;Database=public_data;Port=5432;User Id=u;Password=p'],
  ['PostgreSQL', 'Host=pg-a.postgres.database.azure.com;Database=public_data;Username=u;Password=p'],
  ['PostgreSQL', 'postgresql://u:p@pg-a.postgres.database.azure.com:5432/public_data'],
  ['PostgreSQL', 'jdbc:postgresql://db.internal:5432/public_data'],
  ['PostgreSQL', 'Server=db.internal.example;Port=5432;Database=public_data;User Id=u;Password=p'],
  ['MySQL', 'Server=my-a.mysql.database.azure.com;Database=cms;Uid=u;Pwd=p'],
  ['MySQL', 'mysql+pymysql://u:p@my-a.mysql.database.azure.com/cms'],
])('%s: %s', (engine, value) => {
  expect(read(value)).toEqual({ engine, host: undefined, mayNameAnother: false });
});

test('what App Service calls the connection string counts, too', () => {
  expect(read('Server=db.internal.example;Database=cms;Uid=u;Pwd=p', 'MySql').engine).toBe('MySQL');
  expect(read('Server=db.internal.example;Database=cms;Uid=u;Pwd=p', 'SQLAzure').engine).toBeUndefined();
});

test.each([
  ['Server=sql-a.database.windows.net;Database=app;User Id=u;Password=p', 'PostgreSQL'],
  ['Server=sql-a.database.windows.net;Database=app;Password=x.postgres.database.azure.com', 'Custom'],
  ['Driver={FreeTDS};Server=sql-a.database.windows.net;Port=3306;Database=app', 'Custom'],
])('what names a server of Azure SQL is never taken for another engine: %s (%s)', (value, type) => {
  expect(read(value, type)).toMatchObject({ engine: undefined, host: 'sql-a.database.windows.net' });
});
