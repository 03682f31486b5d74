import { expect, test } from '@jest/globals';
import { buildId, buildText, withoutQuery, withoutSignature } from '../../src/deployment/build.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const url = (text: string, etag?: string) => buildId({ kind: 'package-url', url: text, etag });

test('a build at a URL is another one when its content is, and not when only the signature is', () => {
  const id = url('https://h/a.zip?sig=1&v=2', 'x');
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(url('https://h/a.zip?v=2&SIG=3&Se=tomorrow', 'x')).toBe(id);
  expect([url('https://h/a.zip?v=3', 'x'), url('https://h/b.zip?v=2', 'x'), url('https://h/a.zip?v=2', 'y')]).toEqual(
    expect.not.arrayContaining([id]),
  );
  // Whose host tells nothing is known by its URL alone.
  expect(url('https://h/a.zip')).toBe(url('https://h/a.zip', ''));
});

test('an image is named with one digest: the one that it was given by, or the one that its tag meant', () => {
  const image = (named: string) => buildId({ kind: 'image', named, digest: DIGEST });
  expect(image('h/a:1')).toBe(`h/a:1@${DIGEST}`);
  expect(image(`h/a@${DIGEST}`)).toBe(`h/a@${DIGEST}`);
});

test('people read which build it is in few characters, and never what is in a query', () => {
  expect(buildText({ kind: 'package', path: '/a.zip', sha256: '0123456789abcdef'.repeat(4) })).toBe(
    'the package (0123456789ab)',
  );
  expect(buildText({ kind: 'package-url', url: 'https://h/a.zip?sig=secret', etag: undefined })).toBe(
    'the package at https://h/a.zip',
  );
  expect(buildText({ kind: 'image', named: 'h/a:1', digest: DIGEST })).toBe(`the image h/a:1@${DIGEST}`);
  expect([withoutQuery('https://h/a?b=c'), withoutSignature('https://h/a?b=c&sig=d')]).toEqual([
    'https://h/a',
    'https://h/a?b=c',
  ]);
});
