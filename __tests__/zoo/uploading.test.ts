import { expect, test } from '@jest/globals';
import type { WebOutcome } from '../../simulator/model/web/state.ts';
import { deploy } from '../in-process/zoo.ts';

test.each<WebOutcome>(['upload-409', 'upload-502', 'upload-503', 'upload-cut', 'download-cut', 'power-409'])(
  'one %s does not end the deployment',
  async (outcome) => {
    const happens = ({ world }: { world: { web: { injected: WebOutcome[] } } }) => world.web.injected.push(outcome);
    const phase = outcome === 'power-409' ? 'switch' : 'read-only';
    const { ended, visitors } = await deploy({ before: { [phase]: happens } });
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  },
);

test.each<WebOutcome>(['upload-disk-full', 'upload-503-disk-full', 'unpack-disk-full'])(
  'a full disk is named at once, with what to do, whoever tells of it: %s',
  async (outcome) => {
    const { ended } = await deploy({
      before: { 'read-only': ({ world }) => world.web.injected.push(outcome) },
    });
    expect(ended).toMatch(/^failed in read-only: .*not enough space.* The disk of the App Service plan is full/s);
  },
);

test('production’s build is copied as it is, although Azure builds what production is given', async () => {
  const { ended, visitors } = await deploy({
    options: { linux: true, appSettings: { SCM_DO_BUILD_DURING_DEPLOYMENT: 'true' } },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});
