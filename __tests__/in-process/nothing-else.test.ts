import { expect, test } from '@jest/globals';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { begin, type Inputs, type Trial } from './trial.ts';

const SEARCH: Inputs = { 'app-settings': 'Search__Url=https://search.example' };
const ALL = [
  'host names',
  'certificates',
  'access restrictions',
  'TLS and client certificates',
  'networking',
  'identities',
  'other configuration',
  'slot settings',
].join(', ');

test('complete says which settings the deployment changed, and that nothing else of production is other than before', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', ['deploy', SEARCH], ['validate', SEARCH]);
  const completed = await trial.run('complete');
  expect(completed.notes).toContain(
    `Settings that the deployment changed: Search__Url added. Of production these are as before the deployment: ${ALL}.`,
  );
  expect(completed.warnings.join()).not.toContain('not as before');
  const cleaned = await trial.run('cleanup');
  expect(cleaned.notes).toContain(`Of production these are as before the deployment: ${ALL}.`);
});

test('after a rollback of the database the same holds', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  await trial.through(['rollback', { 'rollback-scope': 'code-and-database' }], 'validate');
  const { notes } = await trial.run('complete');
  expect(notes).toContain(`Of production these are as before the deployment: ${ALL}.`);
});

test.each<[string, (trial: Trial) => void]>([
  ['host names', ({ world }) => void slotOf(world, 'web', 'production').customHosts.push('www.shop.example')],
  [
    'access restrictions',
    ({ world }) => {
      const rule = { ipAddress: '198.51.100.0/24', action: 'Deny', priority: 100, name: 'later' };
      const any = { ipAddress: 'Any', action: 'Allow', priority: 2_000, name: 'all' };
      slotOf(world, 'web', 'production').fixedConfig.ipSecurityRestrictions = [rule, any];
    },
  ],
  [
    'TLS and client certificates',
    ({ world }) => {
      slotOf(world, 'web', 'production').fixedConfig.minTlsVersion = '1.3';
    },
  ],
])(
  '%s that somebody changed meanwhile are named, by complete and by cleanup, and stop nothing',
  async (part, change) => {
    const trial = begin();
    await trial.through('clone', 'read-only', 'switch', 'deploy');
    change(trial);
    await trial.through('validate');
    for (const phase of ['complete', 'cleanup']) {
      const { warnings, failure } = await trial.run(phase);
      expect(failure).toBeUndefined();
      expect(warnings.join()).toMatch(
        new RegExp(`Of production these are not as before the deployment, which does not change them: .*${part}`),
      );
    }
  },
);

test('before complete nothing is said: visitors are elsewhere', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const { notes } = await trial.run('validate');
  expect(notes.join()).not.toContain('as before the deployment');
});
