import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseConnectionString, redirect } from '../../src/connection-strings/connection-strings.ts';
import { parsePairs } from '../../src/connection-strings/pairs.ts';

const value = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'ab1 ;="\'{}%&é'.split('')) });
const quote = fc.constantFrom('"', "'");
const otherKey = fc.constantFrom(
  'User ID',
  'Password',
  'Application Name',
  'Encrypt',
  'MultipleActiveResultSets',
  'Connect Timeout',
);

const written = fc
  .record({
    database: value.filter((text) => text.trim() === text),
    others: fc.uniqueArray(fc.tuple(otherKey, value), { selector: ([key]) => key }),
    databaseKey: fc.constantFrom('Database', 'initial catalog', 'Initial Catalog'),
    quote,
    place: fc.nat(8),
    blanks: fc.constantFrom('', ' '),
  })
  .map(({ database, others, databaseKey, quote: mark, place, blanks }) => {
    const pairs = [...others];
    pairs.splice(place % (pairs.length + 1), 0, [databaseKey as never, database]);
    const write = (text: string) => `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
    const text = pairs.map(([key, each]) => `${blanks}${key}${blanks}=${blanks}${write(each)}`).join(';');
    return { text: `Server=h.example;${text}`, database };
  });

const SERVER = [{ name: 'h', names: ['h.example'] }];

test('a database is found in any string, and after the change only it is different', () => {
  fc.assert(
    fc.property(
      written,
      fc.string({ minLength: 1, maxLength: 10, unit: fc.constantFrom(...'xy;="\'{'.split('')) }),
      (given, to) => {
        expect(parseConnectionString(given.text)?.database).toBe(given.database);
        const after = redirect({ appSettings: { A: given.text }, connectionStrings: {} }, SERVER, {
          [given.database]: to,
        });
        const text = after.settings.appSettings.A ?? '';
        const strip = (pairs: ReturnType<typeof parsePairs>) =>
          pairs?.filter(({ key }) => !/database|catalog/.test(key)).map(({ key, value: each }) => [key, each]);
        expect(parseConnectionString(text)?.database).toBe(to);
        expect(strip(parsePairs(text, false))).toEqual(strip(parsePairs(given.text, false)));
        const back = redirect({ appSettings: { A: text }, connectionStrings: {} }, SERVER, {
          [to]: given.database,
        });
        expect(back.settings.appSettings.A).toBe(given.text);
      },
    ),
    { numRuns: 300 },
  );
});

test('no text whatever makes it throw', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'Server=;:/@"\'{}?&#%., \n'.split('')), maxLength: 60 }),
      (text) => {
        expect(() => parseConnectionString(text)).not.toThrow();
      },
    ),
    { numRuns: 500 },
  );
});
