import { afterAll, expect, test } from '@jest/globals';
import { run, tdsLab } from './lab.ts';

const lab = await tdsLab();
afterAll(() => lab.close());

test('a client that is strict speaks TDS 8: TLS first, and the rest inside', async () => {
  const connection = await lab.connect({ strict: true });
  expect((await run(connection, 'SELECT @@SPID AS id')).rows).toEqual([{ id: expect.any(Number) }]);
});

test('a server that asks for TLS 1.3 refuses who speaks 1.2, and takes who is strict', async () => {
  lab.server.minimalTlsVersion = '1.3';
  await expect(lab.connect()).rejects.toMatchObject({ message: expect.stringContaining('invalid TLS version') });
  const connection = await lab.connect({ strict: true });
  expect((await run(connection, 'SELECT DB_NAME() AS name')).rows).toEqual([{ name: 'shop' }]);
});
