import { expect, test } from '@jest/globals';
import type { WebOutcome } from '../../simulator/model/web/state.ts';
import { deploy } from '../in-process/zoo.ts';

test.each<WebOutcome>(['upload-409', 'upload-502', 'upload-cut', 'download-cut', 'power-409'])(
  'one %s does not end the deployment',
  async (outcome) => {
    const happens = ({ world }: { world: { web: { injected: WebOutcome[] } } }) => world.web.injected.push(outcome);
    const phase = outcome === 'power-409' ? 'switch' : 'read-only';
    const { ended, visitors } = await deploy({ before: { [phase]: happens } });
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  },
);

test('a full disk is named', async () => {
  const { ended } = await deploy({
    before: { 'read-only': ({ world }) => world.web.injected.push('upload-disk-full') },
  });
  expect(ended).toMatch(/^failed in read-only: .*not enough space/s);
});

test('production’s build is copied as it is, although Azure builds what production is given', async () => {
  const { ended, visitors } = await deploy({
    options: { linux: true, appSettings: { SCM_DO_BUILD_DURING_DEPLOYMENT: 'true' } },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});
