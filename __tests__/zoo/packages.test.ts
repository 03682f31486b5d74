import { expect, test } from '@jest/globals';
import { oddPackages } from '../../simulator/in-process/odd-packages.ts';
import { buildFiles } from '../../simulator/model/app/build.ts';
import { deploy, newBuild } from '../in-process/zoo.ts';

test.each(Object.entries(oddPackages))('a package that is wrong is found before the window: %s', async (name, make) => {
  const options = name === 'backslashes' ? { linux: true } : {};
  const { ended } = await deploy({ package: make(buildFiles(newBuild({}))), options });
  expect(ended).toMatch(/^refused by preflight: .*package/is);
});

test('a full disk is named', async () => {
  const { ended } = await deploy({
    before: { 'read-only': ({ world }) => world.web.injected.push('upload-disk-full') },
  });
  expect(ended).toMatch(/^failed in read-only: .*not enough space/s);
});

test('production’s build that SCM cuts off once is asked for again', async () => {
  const { ended, visitors } = await deploy({
    before: { 'read-only': ({ world }) => world.web.injected.push('download-cut') },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test('production’s build that SCM always cuts off is asked of the user', async () => {
  const { ended } = await deploy({
    before: { 'read-only': ({ world }) => world.web.injected.push('download-cut', 'download-cut') },
  });
  expect(ended).toMatch(/^failed in read-only: .*not a whole zip file.*current-package/s);
});
