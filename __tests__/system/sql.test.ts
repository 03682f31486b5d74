import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { SqlError } from '../../src/ports.ts';
import { sql } from '../../src/system/sql.ts';

test('a server that cannot be reached must be an error of the connection, not of SQL Server', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const login = { kind: 'password', user: 'me', password: 'x' } as const;
  const target = { host: '127.0.0.1', port, database: 'shop', programName: 'zdd-action', login };
  const failure: unknown = await sql.connect(target).catch((error: unknown) => error);
  server.close();
  expect(failure).toBeInstanceOf(SqlError);
  expect(failure).toMatchObject({ number: 0, message: expect.stringMatching(/./) });
});
