import { expect, test } from '@jest/globals';
import { parseConnectionString } from '../../../simulator/sample-app/shop/connection-string.ts';

test('a connection string must be read as ADO.NET reads it', () => {
  expect(
    parseConnectionString(
      'Server=tcp:localhost,51433;Initial Catalog=shop;User ID=app;Password="a;b""c";Encrypt=True;',
    ),
  ).toEqual({ host: 'localhost', port: 51_433, database: 'shop', user: 'app', password: 'a;b"c' });
});

test('a missing part must be named, and the password must not', () => {
  expect(() => parseConnectionString('Server=h;User ID=app;Password=secret')).toThrow(/^((?!secret).)*"database"/);
});
