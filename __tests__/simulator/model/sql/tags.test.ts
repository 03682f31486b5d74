import { expect, test } from '@jest/globals';
import { arm, START, shop } from './shop.ts';

const TAGS = '/databases/shop/providers/Microsoft.Resources/tags/default';
const merge = (tags: Record<string, string>, operation = 'Merge') => ({ operation, properties: { tags } });

test('a tag write answers 202, cannot be polled, and shows when it is done', () => {
  const { world } = shop({ tags: { kept: '1', Changed: 'old' } });
  const patch = arm(world, START, 'PATCH', TAGS, merge({ changed: 'new', added: 'x' }));
  expect([patch.status, patch.body]).toEqual([202, undefined]);
  expect(arm(world, START + 1, 'GET', patch.headers.location ?? '').status).toBe(404);
  expect(arm(world, START + 3999, 'GET', '/databases/shop').body.tags).toEqual({ kept: '1', Changed: 'old' });
  expect(arm(world, START + 4000, 'GET', '/databases/shop').body.tags).toEqual({
    kept: '1',
    changed: 'new',
    added: 'x',
  });
  expect(arm(world, START + 4000, 'GET', TAGS).body.properties.tags).toEqual({ kept: '1', changed: 'new', added: 'x' });
});

test('delete takes a tag whose value is the one given', () => {
  const { world } = shop({ tags: { a: '1', b: '2' } });
  arm(world, START, 'PATCH', TAGS, merge({ a: '1', b: 'other' }, 'Delete'));
  expect(arm(world, START + 4000, 'GET', '/databases/shop').body.tags).toEqual({ b: '2' });
});

test('a second write meets the first', () => {
  const { world } = shop();
  arm(world, START, 'PATCH', TAGS, merge({ a: '1' }));
  expect(arm(world, START + 1, 'PATCH', TAGS, merge({ b: '1' })).body.error.code).toBe('ConflictingDatabaseOperation');
});

test('values have at most 256 characters, and a resource 50 tags', () => {
  const { world } = shop();
  expect(arm(world, START, 'PATCH', TAGS, merge({ a: 'x'.repeat(257) })).status).toBe(400);
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, place) => [`t${place}`, 'x']));
  expect(arm(world, START, 'PATCH', TAGS, merge(many)).status).toBe(400);
});

test('a PUT without tags clears them; PATCH leaves them', () => {
  const { world } = shop({ tags: { a: '1' } });
  arm(world, START, 'PATCH', '/databases/shop', { properties: {} });
  expect(arm(world, START + 5000, 'GET', '/databases/shop').body.tags).toEqual({ a: '1' });
  arm(world, START + 5000, 'PUT', '/databases/shop', { location: 'westeurope' });
  expect(arm(world, START + 10_000, 'GET', '/databases/shop').body.tags).toBeUndefined();
});

test('variants: tags come late; lists leave them out', () => {
  const { world } = shop({ tags: { a: '1' } });
  expect(arm(world, START, 'GET', '/databases').body.value.map((one) => [one.name, one.tags])).toEqual([
    ['shop', { a: '1' }],
    ['master', undefined],
  ]);
  world.variants['list-without-tags'] = true;
  world.variants['tags-late'] = true;
  expect(arm(world, START, 'GET', '/databases').body.value[0]?.tags).toBeUndefined();
  arm(world, START, 'PATCH', TAGS, merge({ b: '2' }));
  expect(arm(world, START + 60_000, 'GET', '/databases/shop').body.tags).toEqual({ a: '1' });
  expect(arm(world, START + 80_000, 'GET', '/databases/shop').body.tags).toEqual({ a: '1', b: '2' });
});
