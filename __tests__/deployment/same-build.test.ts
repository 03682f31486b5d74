import { expect, test } from '@jest/globals';
import { digestIn, sameBuild, samePackage } from '../../src/deployment/same-build.ts';
import { slot } from '../phases/observed.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const image = (name: string) => slot('x', { travelling: { linuxFxVersion: `DOCKER|${name}` } });
const url = (from: string) => slot('x', { appSettings: { WEBSITE_RUN_FROM_PACKAGE: from } });
const files = (build?: string) => slot('x', { appSettings: build === undefined ? {} : { ZDD_BUILD: build } });

test.each<[string, ReturnType<typeof slot>, ReturnType<typeof slot>, boolean]>([
  ['one image by its digest, under two tags', image(`r.io/a:1@${DIGEST}`), image(`r.io/a@${DIGEST}`), true],
  ['two images by their digests', image(`r.io/a@${DIGEST}`), image(`r.io/a@${OTHER}`), false],
  ['one tag, which may have moved', image('r.io/a:1'), image('r.io/a:1'), false],
  ['a digest and a tag', image(`r.io/a@${DIGEST}`), image('r.io/a:1'), false],
  ['one URL', url('https://h/a.zip'), url('https://h/a.zip'), true],
  ['one URL with two signatures', url('https://h/a.zip?sig=1'), url('https://h/a.zip?sig=2'), true],
  ['two URLs', url('https://h/a.zip'), url('https://h/b.zip'), false],
  ['files that bear the same build', files('x'), files('x'), true],
  ['files of two builds', files('x'), files('y'), false],
  ['files of which nobody knows', files(), files(), false],
  ['an image and files that bear one build', { ...image('r.io/a:1'), build: 'x' }, files('x'), false],
  ['a URL and files that bear one build', { ...url('https://h/a.zip'), build: 'x' }, files('x'), false],
  ['an image and files', image(`r.io/a@${DIGEST}`), files('x'), false],
])('the same build is known, and never supposed: %s', (_what, one, other, isSame) => {
  expect([sameBuild(one, other), sameBuild(other, one)]).toEqual([isSame, isSame]);
});

test('what is no URL is no package, and only a digest is one', () => {
  expect([samePackage('x', 'x'), samePackage('https://h/x', 'x'), samePackage('x', 'https://h/x')]).toEqual([
    false,
    false,
    false,
  ]);
  expect([digestIn(`DOCKER|r.io/a@${DIGEST}`), digestIn(`r.io/a:1@${DIGEST}`), digestIn('docker|r.io/a:1')]).toEqual([
    DIGEST,
    DIGEST,
    undefined,
  ]);
});
