import { expect, test } from '@jest/globals';
import { buildSource, packageUrl } from '../../src/deployment/build-source.ts';
import { unfitBuild } from '../../src/deployment/fitting-build.ts';
import type { Slot } from '../../src/deployment/observed.ts';
import { settings, slot } from '../phases/observed.ts';

const URL = 'https://store.example/a.zip';
const runs = (from: Readonly<Record<string, string>>, stack: Slot['travelling'] = {}) =>
  slot('production', { appSettings: from, travelling: stack });
const image = (text: string) => runs({}, { linuxFxVersion: text });

test.each<[string, Slot, ReturnType<typeof buildSource>['kind'], string]>([
  ['files', runs({}), 'files', ''],
  ['files, said so', runs({ WEBSITE_RUN_FROM_PACKAGE: '0' }), 'files', ''],
  ['files, with nothing said', runs({ WEBSITE_RUN_FROM_PACKAGE: '' }), 'files', ''],
  ['a zip beside them', runs({ WEBSITE_RUN_FROM_PACKAGE: '1' }), 'package-file', ''],
  ['a URL', runs({ WEBSITE_RUN_FROM_PACKAGE: URL }), 'package-url', URL],
  ['a URL under the old name', runs({ WEBSITE_USE_ZIP: URL }), 'package-url', URL],
  ['a URL under both names', runs({ WEBSITE_RUN_FROM_PACKAGE: '1', WEBSITE_USE_ZIP: URL }), 'package-file', ''],
  ['a stack', runs({}, { linuxFxVersion: 'NODE|20' }), 'files', ''],
  ['an image', image('DOCKER|shop.azurecr.io/shop:1'), 'image', ''],
  ['an image on Windows', runs({}, { windowsFxVersion: 'docker|shop' }), 'image', ''],
  ['several', image('COMPOSE|abc'), 'image', ''],
  [
    'an image, whatever a setting says',
    runs({ WEBSITE_RUN_FROM_PACKAGE: '1' }, { linuxFxVersion: 'SITECONTAINERS' }),
    'image',
    '',
  ],
])('what an app runs: %s', (_what, production, kind, url) => {
  expect(buildSource(production).kind).toBe(kind);
  expect(packageUrl(production)).toBe(url);
});

const IMAGE = { package: '', image: 'shop.azurecr.io/shop:2' };

test.each<[string, Slot, Readonly<Record<string, string>>, RegExp | undefined]>([
  ['a zip for files', runs({}), {}, undefined],
  ['a zip for a zip', runs({ WEBSITE_RUN_FROM_PACKAGE: '1' }), {}, undefined],
  ['a zip for an image', image('DOCKER|shop:1'), {}, /input package is a zip file/],
  ['a zip at a URL for an image', image('DOCKER|shop:1'), { package: URL }, /input package is a zip file/],
  ['an image for an image', image('DOCKER|shop:1'), IMAGE, undefined],
  ['an image for files', runs({}), IMAGE, /production runs no container/],
  ['an image for several', image('COMPOSE|abc'), IMAGE, /Docker Compose/],
  ['an image for a main one with sidecars', image('SITECONTAINERS'), IMAGE, /sidecars/],
  ['nothing for files', runs({}), { package: '' }, undefined],
  ['nothing for an image', image('DOCKER|shop:1'), { package: '' }, undefined],
  ['a zip for a URL', runs({ WEBSITE_RUN_FROM_PACKAGE: URL }), {}, /is a URL, and input package is a file/],
  [
    'a zip for a URL that is no more',
    runs({ WEBSITE_RUN_FROM_PACKAGE: URL }),
    { 'app-settings': 'Website_Run_From_Package=1' },
    undefined,
  ],
  [
    'a zip for files that are to be a URL',
    runs({}),
    { 'app-settings': `WEBSITE_RUN_FROM_PACKAGE=${URL}` },
    /is a URL, and input package is a file/,
  ],
  ['a URL for files', runs({}), { package: URL }, undefined],
  ['a URL for a URL', runs({ WEBSITE_RUN_FROM_PACKAGE: URL }), { package: URL }, undefined],
])('whether the new build would run in its place: %s', (_what, live, inputs, unfit) => {
  expect(unfitBuild(settings(inputs), live)?.found ?? '').toMatch(unfit ?? /^$/);
});

test('what does not fit is fixed by a line that names the input that does, or in the way that Azure has', () => {
  const fix = (live: Slot, inputs: Readonly<Record<string, string>>) => unfitBuild(settings(inputs), live)?.fix;
  expect(fix(image('DOCKER|shop:1'), {})).toMatch(/^image: /);
  expect(fix(runs({}), IMAGE)).toMatch(/^package: <zip file/);
  expect(fix(runs({ WEBSITE_RUN_FROM_PACKAGE: URL }), {})).toMatch(/^package: https:/);
  expect(fix(image('SITECONTAINERS'), IMAGE)).toMatch(/^az webapp sitecontainers convert/);
  expect(fix(image('COMPOSE|abc'), IMAGE)).toContain('one image');
});
