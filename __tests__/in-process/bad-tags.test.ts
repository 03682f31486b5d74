import { expect, test } from '@jest/globals';
import type { Database } from '../../simulator/model/sql/state.ts';
import { begin, databases, type Trial } from './trial.ts';

test.each([
  ['zdd-lock', 'nonsense', 'claim or held'],
  ['zdd-candidate', 'boss|two|zdd-staging', '<new or live>|<a whole number>|<the name of a slot>'],
  ['zdd-readonly-slot', '..', 'the name of a slot'],
  ['zdd-attempt', 'NaN', 'a whole number'],
])('where %s is "%s" every phase stops, names it, and changes nothing', async (tag, value, allowed) => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const clone = cloneOf(trial);
  const right = clone.tags[tag] ?? '';
  clone.tags[tag] = value;
  const before = seen(trial);
  for (const phase of ['status', 'deploy', 'validate', 'complete', 'rollback', 'cleanup', 'clone']) {
    const { failure, headline } = await trial.run(phase);
    if (phase === 'status')
      expect(headline).toMatch(/Production is running; it holds the read-only copy of deployment/);
    expect(failure).toMatchObject({
      kind: 'drifted',
      happened: `Tag ${tag} of database ${clone.name} is "${value}", which is not ${allowed}.`,
      next: expect.stringMatching(/run the phase again: az tag update --operation Merge --resource-id \S+ --tags /),
    });
    expect(failure?.next).toContain(`/databases/${clone.name} --tags '${tag}=<${allowed}>'`);
  }
  expect(seen(trial)).toEqual(before);
  clone.tags[tag] = right;
  await trial.through('validate', 'complete', 'cleanup');
});

test('an attempt of a restore that is no number stops the rollback that would read it', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', [
    'rollback',
    { 'rollback-scope': 'code-and-database' },
  ]);
  const clone = cloneOf(trial);
  clone.tags['zdd-successor-of'] = 'second';
  const before = seen(trial);
  for (const phase of ['status', 'rollback', 'validate']) {
    const { failure } = await trial.run(phase);
    expect(failure).toMatchObject({ kind: 'drifted', happened: expect.stringContaining('zdd-successor-of') });
  }
  expect(seen(trial)).toEqual(before);
});

test('what stands in the tags of another app on the server is in nobody’s way', async () => {
  const trial = begin({ databases: ['shop', 'blog'] }, {});
  await trial.through(['clone', { databases: 'blog' }]);
  Object.assign(cloneOf(trial).tags, { 'zdd-app': 'rg/another', 'zdd-lock': 'nonsense' });
  const other = begin({}, { world: trial.world, clock: trial.clock, runId: '2' });
  await other.through(['clone', { databases: 'shop' }]);
});

test('a mirror with a bad tag is put right from the record, which is what decides', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch');
  const mirror = databases(trial).find(({ name }) => name === 'shop');
  if (!mirror) throw new Error('there is no original');
  mirror.tags['zdd-lock'] = 'nonsense';
  await trial.through('deploy');
  expect(mirror.tags['zdd-lock']).toBe('held');
});

function cloneOf(trial: Trial): Database {
  const clone = databases(trial).find(({ name }) => /-zdd-\d{8}-\w{5}$/.test(name));
  if (!clone) throw new Error('there is no clone');
  return clone;
}

/** Names, tags and states of everything that a phase might change. */
function seen(trial: Trial): unknown {
  const { sites } = trial.world.web;
  return structuredClone({
    databases: databases(trial).map(({ name, tags, status }) => [name, tags, status]),
    rules: Object.values(trial.world.sql.servers).map((server) => server.firewallRules),
    slots: Object.values(sites).map(({ slots }) => Object.values(slots).map(({ occupant }) => occupant)),
  });
}
