import { expect, test } from '@jest/globals';
import type { Server } from '../../src/deployment/observed.ts';
import { placeOf, serverNames, serverOf } from '../../src/deployment/servers.ts';

const server = (name: string): Server => ({
  id: `/servers/${name}`,
  name,
  names: [name],
  host: name,
  port: 1433,
  minimalTlsVersion: '',
});
const part = { servers: [server('near'), server('far')] } as const;

test('a database without a server in its key lies on the first, any other on the one that is named, in whatever case', () => {
  expect(placeOf(part, 'shop')).toEqual(['/servers/near', 'shop']);
  expect(placeOf(part, 'FAR/stock')).toEqual(['/servers/far', 'stock']);
  expect(serverNames(part)).toBe('near, far');
});

test('a server that was not looked at is not taken for another', () => {
  expect(() => serverOf(part, 'third/stock')).toThrow(/third\/stock lies on a server that this run has not looked at/);
});
