import { expect, test } from '@jest/globals';
import { addSlot } from '../../simulator/model/web/create.ts';
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

/** Of the team, and neither ours nor production. */
function withSlots(...names: string[]): Trial {
  const trial = begin();
  for (const name of names) add(trial, name);
  return trial;
}

function add({ world, clock }: Trial, name: string): void {
  const [site] = Object.values(world.web.sites);
  if (site) addSlot(world, site, name, clock.now());
}

/** A Standard plan has five slots, two of which are ours. */
const LONG = ['a', 'b', 'c'].map((name) => `${name}-${'long'.repeat(14)}`);

test.each([
  ['by name', ['qa']],
  ['by number and digest, where the names do not fit a tag', LONG],
])('cleanup says that the app has its slots as before, and which the deployment made: %s', async (how, names) => {
  const trial = withSlots(...names);
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  const completed = await trial.run('complete');
  expect([completed.notes, completed.warnings].join()).not.toMatch(/the slots that it had/);
  const { notes, warnings, failure } = await trial.run('cleanup');
  expect(failure).toBeUndefined();
  const made = how === 'by name' ? ', and zdd-readonly and zdd-staging, which the deployment made' : '';
  expect(notes).toContain(`The app has the slots that it had before the deployment${made}.`);
  expect(warnings.join()).not.toContain('the slots that it had');
});

test.each([
  ['of few slots their names', ['qa', 'old'], 'new came; old went'],
  ['of long ones how many there were and are', LONG, 'beside those of the deployment there were 3 and are 3'],
])('slots that came and went meanwhile are told by cleanup, and stop nothing: %s', async (_how, names, told) => {
  const trial = withSlots(...names);
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  const [site] = Object.values(trial.world.web.sites);
  delete site?.slots[names.at(-1) ?? ''];
  add(trial, 'new');
  await trial.through('complete');
  const { notes, warnings, failure } = await trial.run('cleanup');
  expect(failure).toBeUndefined();
  expect(warnings.join()).toContain(
    `The app has not the slots that it had before the deployment, which makes and removes no others than its own: ${told}. Look at`,
  );
  expect(notes.join()).not.toContain('the slots that it had');
});

test('a record that was written before slots were listed says nothing of them', async () => {
  const trial = withSlots('qa');
  await trial.through('clone');
  const tags = Object.values(trial.world.sql.servers).flatMap(({ databases }) =>
    Object.values(databases).map((database) => database.tags),
  );
  const recorded = tags.filter((each) => each['zdd-cloned']?.split('|').length === 3);
  expect(recorded.length).toBeGreaterThan(0);
  for (const each of recorded) each['zdd-cloned'] = each['zdd-cloned']?.split('|').slice(0, 2).join('|') ?? '';
  await trial.through('read-only', 'switch', 'deploy', 'validate', 'complete');
  const { notes, warnings } = await trial.run('cleanup');
  expect(notes).toContain(`Of production these are as before the deployment: ${ALL}.`);
  expect([...notes, ...warnings].join()).not.toContain('the slots that it had');
});
