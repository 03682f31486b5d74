import { expect, test } from '@jest/globals';
import { deploy } from '../in-process/zoo.ts';

test('a new build of which every second answer fails is never proven, and visitors never meet it', async () => {
  const { ended, trial, visitors } = await deploy({ next: { failsOneIn: 2 }, inputs: { 'health-timeout': '60' } });
  expect(ended).toMatch(/^failed in deploy: .*/s);
  expect(trial.lines.join('\n')).toContain('slot zdd-staging to be healthy');
  expect(visitors).toMatch(/^1 200 /);
});

test('a build that has a bad moment now and then is proven all the same', async () => {
  const { ended } = await deploy({ next: { failsOneIn: 40 } });
  expect(ended).toBe('deployed');
});
