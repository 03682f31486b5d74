import { expect, test } from '@jest/globals';
import { configSteps } from '../../src/phases/match-config.ts';
import { observed, slot } from './observed.ts';

test('what a swap carries along is in the slot before, asked for once', () => {
  const held = slot('zdd-staging', { travelling: { nodeVersion: '18' } });
  const step = (image = false) => ({
    ...{ kind: 'match-config', slot: 'zdd-staging' },
    because: image ? expect.stringContaining('image') : expect.not.stringContaining('image'),
  });
  expect(configSteps(observed(), held)).toEqual([{ ...step(), properties: { nodeVersion: '20' } }]);
  expect(configSteps(observed(), slot('zdd-staging'))).toEqual([]);
  const thisRun = { ...observed().thisRun, done: [{ kind: 'match-config', subject: 'zdd-staging' }] };
  expect(configSteps(observed({ thisRun }), held)).toEqual([]);
  const production = slot('production', { travelling: { linuxFxVersion: 'DOCKER|shop:1' } });
  const named = `shop:2@sha256:${'b'.repeat(64)}`;
  const newBuild = { kind: 'image', named: 'shop:2', digest: `sha256:${'b'.repeat(64)}` } as const;
  const [found] = configSteps(observed({ production, newBuild }), slot('zdd-staging', { travelling: {} }));
  expect(found).toMatchObject({ ...step(true), properties: { linuxFxVersion: `DOCKER|${named}` } });
});
