import { expect, test } from '@jest/globals';
import { restart } from '../../simulator/model/web/instances.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { databaseLines, packageOf, production, type Trial } from '../in-process/trial.ts';
import { open } from '../in-process/zoo.ts';

type Part = 'settings' | 'connectionStrings';

const WINDOW = ['clone', 'read-only', 'switch'];
const END = ['validate', 'complete', 'cleanup'];

/** What an infrastructure template holds: production as it was before the deployment. */
async function inWindow(parts: readonly Part[], ...phases: readonly string[]): Promise<Trial> {
  const trial = open({ variants: ['both-builds-answer'] });
  const template = structuredClone(slotOf(trial.world, 'web', 'production').occupant);
  await trial.through(...WINDOW, ...phases);
  const slot = slotOf(trial.world, 'web', 'production');
  for (const part of parts) Object.assign(slot.occupant, { [part]: structuredClone(template[part]) });
  restart(trial.world, slot, trial.clock.now());
  await trial.clock.sleep(120_000);
  return trial;
}

const ALL: readonly (readonly [readonly Part[]])[] = [
  [['settings']],
  [['settings', 'connectionStrings']],
  [['connectionStrings']],
];

test.each(ALL)(
  'a template that writes production’s %j in the window is told as what it is, with the one way on',
  async (parts) => {
    const trial = await inWindow(parts);
    for (const phase of ['status', 'deploy', 'validate', 'complete', 'rollback']) {
      const { failure, result } = await trial.run(phase);
      expect([phase, failure?.happened]).toEqual([
        phase,
        expect.stringMatching(/has written settings over those of the read-only copy/),
      ]);
      expect(failure?.next).toMatch(/Then run "switch"/);
      expect(result?.nextPhases).toContain('switch');
    }
    await trial.through('switch');
    expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 503 });
    await trial.through('deploy', ...END);
    expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
  },
);

test.each(ALL)('after %j the way back ends in the live build, on its database', async (parts) => {
  const trial = await inWindow(parts);
  await trial.through('switch', 'rollback', 'cleanup');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1']);
});

test('when "deploy" has opened the original, visitors may have written there: a way back of the database asks', async () => {
  const trial = await inWindow(['settings', 'connectionStrings'], 'deploy', 'validate');
  expect((await trial.run('complete')).failure?.happened).toMatch(/what they write since goes there/);
  await trial.through('switch');
  const scope = { 'rollback-scope': 'code-and-database' };
  expect((await trial.run('rollback', scope)).failure?.happened).toMatch(
    /Visitors have been on the original databases since/,
  );
  await trial.through(['rollback', { ...scope, 'accept-data-loss': 'true' }], ...END);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('when "deploy" has opened the original, the way on brings the new build again', async () => {
  const trial = await inWindow(['settings', 'connectionStrings'], 'deploy', 'validate');
  await trial.through('switch');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 503 });
  await trial.through('deploy', ...END);
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
});

test('production may stay as the template has it: "cleanup" opens its database again', async () => {
  const trial = await inWindow(['settings', 'connectionStrings']);
  expect((await trial.run('status')).result?.nextPhases).toEqual(['status', 'switch', 'cleanup']);
  await trial.through('cleanup');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1']);
});

test('a clone that production works on is not deleted under it', async () => {
  const trial = await inWindow(['settings']);
  expect((await trial.run('cleanup')).failure?.next).toMatch(/Then run "switch"/);
});

test('a run that is killed while it makes the copy anew is carried on by the next', async () => {
  const trial = await inWindow(['settings', 'connectionStrings']);
  const slot = slotOf(trial.world, 'web', 'zdd-staging');
  trial.world.web.injected.push('upload-disk-full');
  expect((await trial.run('switch')).failure?.kind).toBe('failed');
  expect(slot.occupant.settings.ZDD_INSTANCE).toMatch(/read-only\/0$/);
  await trial.through('switch', ['deploy', { package: packageOf('new') }], ...END);
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
});
