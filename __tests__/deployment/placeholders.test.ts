import { expect, test } from '@jest/globals';
import { fillPlaceholders, type PlaceholderValues, placeholderProblem } from '../../src/deployment/placeholders.ts';

const values: PlaceholderValues = {
  clones: { a: 'a-zdd', b: 'b-zdd' },
  snapshotTimestamp: '2026-01-31T14:05:09.1234567Z',
  deploymentId: '20260131-k7m2x',
  role: 'new',
};

test('placeholders are filled in, everything else stays', () => {
  const filled = fillPlaceholders(
    '{"x":{{role}}} {{deployment-id}} {{ snapshot-timestamp }} {{clone-database:B}} {0} $&',
    values,
  );
  expect(filled).toBe('{"x":new} 20260131-k7m2x 2026-01-31T14:05:09.1234567Z b-zdd {0} $&');
});

test.each([
  ['{{clone-database}}', values, /there are 2 databases/],
  ['{{clone-database:c}}', values, /the databases are a, b/],
  ['{{clone-database:c}}', { ...values, clones: {} }, /the databases are none/],
  ['{{snapshot-timestamp}}', { ...values, snapshotTimestamp: undefined }, /there is no snapshot/],
  ['{{clone}}', values, /known are clone-database/],
])('%s cannot be filled in', (value, given, message) => {
  expect(() => fillPlaceholders(value, given)).toThrow(message);
});

test('problems are found before any value is known', () => {
  expect(placeholderProblem('x {{role}} {{deployment-id}}', ['role', 'deployment-id'])).toBeUndefined();
  expect(placeholderProblem('{{clone-database}}', ['role'])).toBe('{{clone-database}} is not one of {{role}}');
  expect(placeholderProblem('{{ role }} {{clone-database:a}}', ['role', 'clone-database'])).toBeUndefined();
  expect(placeholderProblem('{{ x }}', ['role'])).toBe('{{x}} is not one of {{role}}');
  expect(() => fillPlaceholders('{{ x }}', values)).toThrow('the placeholder {{x}},');
  expect(placeholderProblem('{{role:x}}', ['role'])).toBe('{{role:x}} takes no name after a colon');
});

test('values as long as App Service takes are read in no time, whatever is in them', () => {
  const startedAt = performance.now();
  for (const piece of ['{', '{{', '{ ', '{{ ', '}}', '{clone-database', '{{clone-database ']) {
    placeholderProblem(piece.repeat(60_000), ['clone-database']);
    placeholderProblem(`{{${piece.trim() === '' ? ' ' : ''}${' '.repeat(60_000)}`, ['clone-database']);
  }
  expect(performance.now() - startedAt).toBeLessThan(3000);
});

test('a database is named in any case, with spaces around, by its server where two servers have one of that name', () => {
  const clones = { shop: 'shop-zdd', 'one/crm': 'one/crm-zdd', 'two/crm': 'two/crm-zdd', 'two/log': 'two/log-zdd' };
  const filled = (name: string) =>
    fillPlaceholders(`{{ clone-database : ${name} }}`, { ...values, clones, firstServer: 'first' });
  expect(['SHOP', 'first/shop', 'One/CRM', 'two/crm', 'log'].map(filled)).toEqual([
    'shop-zdd',
    'shop-zdd',
    'crm-zdd',
    'crm-zdd',
    'log-zdd',
  ]);
  expect(() => filled('crm')).toThrow(/the databases are shop, one\/crm, two\/crm, two\/log/);
  const both = { ...values, clones: { 'one/crm': 'one/crm-zdd', crm: 'crm-of-first' }, firstServer: 'first' };
  expect(fillPlaceholders('{{clone-database:crm}}', both)).toBe('crm-of-first');
  expect(() => filled('second/shop')).toThrow(/the databases are/);
});

test('of one database its clone needs no name', () => {
  expect(fillPlaceholders('{{clone-database}}', { ...values, clones: { 'one/crm': 'one/crm-zdd' } })).toBe('crm-zdd');
});

test('a placeholder with a brace too few is told as such', () => {
  expect(placeholderProblem('Database={clone-database}', ['clone-database'])).toBe(
    '{clone-database} is no placeholder; write two braces on both sides, such as {{clone-database}}',
  );
  expect(placeholderProblem('{"a": {"role": 1}}', ['role'])).toBeUndefined();
});
