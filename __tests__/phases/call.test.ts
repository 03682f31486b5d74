import { expect, test } from '@jest/globals';
import { azure, callText, databaseAt, scm, serverIn, sql, tags } from '../../src/phases/call.ts';

test('a call says where it goes, what it is for and when it is sent at all', () => {
  const when = 'it is not there';
  expect(azure('PUT', '…/slots/a', 'makes it', when)).toEqual({
    ...{ to: 'azure', call: 'PUT …/slots/a' },
    ...{ what: 'makes it', onlyIf: when },
  });
  expect(tags('…/databases/shop', 'the record')).toMatchObject({
    to: 'azure',
    call: 'PATCH …/databases/shop/providers/Microsoft.Resources/tags/default',
    what: 'the record',
  });
  expect(sql('SELECT', 'asks', when)).toEqual({ to: 'sql', call: 'SELECT', what: 'asks', onlyIf: when });
  expect(scm('GET', 'a', undefined, '/api/zip', 'reads', when)).toEqual({
    ...{ to: 'scm', call: 'GET /api/zip of slot a' },
    ...{ what: 'reads', onlyIf: when },
  });
  expect(scm('GET', 'a', 'rg/admin', '/api/zip', 'reads').call).toBe('GET /api/zip of slot admin/a');
});

test('as people read it the kind of place stands before it, but for Azure itself and the app', () => {
  const text = (to: 'azure' | 'scm' | 'sql' | 'app', onlyIf?: string) =>
    callText({ to, call: 'GET /', what: 'asks', onlyIf });
  expect(text('azure')).toBe('GET / (asks)');
  expect(text('app')).toBe('GET / (asks)');
  expect(text('scm')).toBe('SCM: GET / (asks)');
  expect(text('sql', 'it runs')).toBe('SQL: GET / (asks; only if it runs)');
});

test('a server is named only where a database says which', () => {
  expect(databaseAt('shop')).toBe('…/databases/shop');
  expect(databaseAt('other/shop')).toBe('…/servers/other/databases/shop');
  expect(serverIn('shop')).toBe('');
});
