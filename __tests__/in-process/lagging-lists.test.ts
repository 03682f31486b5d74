import { expect, test } from '@jest/globals';
import { begin, databases } from './trial.ts';

test('of two deployments that begin together one goes on and nothing of the other is left, also where lists lag by minutes', async () => {
  const first = begin({ variants: { 'list-lags': true } });
  const second = begin({}, { world: first.world, clock: first.clock, runId: '2' });
  const one = first.run('clone', { 'deployment-id': '20260901-aaaaa' });
  await first.clock.sleep(20_000);
  const reports = await Promise.all([one, second.run('clone', { 'deployment-id': '20260901-bbbbb' })]);
  const failures = reports.flatMap(({ failure }) => failure ?? []);
  expect(failures).toHaveLength(1);
  expect(failures[0]?.happened).toMatch(/began it in run org\/shop\/\d+\/1/);
  const clones = databases(first).filter(({ name }) => /-zdd-/.test(name));
  expect(clones.map(({ tags }) => tags['zdd-lock'])).toEqual(['held']);
});
