import { expect, test } from '@jest/globals';
import { phaseNamed } from '../../src/phases/phases.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import { settings } from './observed.ts';
import { look, type Picture } from './picture.ts';
import { started, swapped, withDatabase } from './picture-changes.ts';
import { rows } from './rows.ts';
import { after, killed } from './walk.ts';

const MIGRATES = { 'migrate-command': 'npm run migrate' };

/** What a fresh run of the phase would do, by the kinds of its steps. */
function kinds(picture: Picture, phase: PhaseName, inputs: Readonly<Record<string, string>> = {}): readonly string[] {
  const { observed, settings: known } = look(picture, phaseNamed[phase], settings({ ...inputs, phase }));
  return phaseNamed[phase]
    .plan(known, observed)
    .flat()
    .map(({ kind }) => kind);
}

test('a first deploy waits for nobody: since the switch nobody but it could connect', () => {
  expect(kinds(rows.switched, 'deploy', MIGRATES)).not.toContain('await-quiet');
});

test.each(['record', 'set-read-write', 'migrate'] as const)(
  'after a deploy that was killed behind "%s", the next one waits for its command to have left the originals',
  (step) => {
    const steps = kinds(killed(rows.switched, 'deploy', step, MIGRATES), 'deploy', MIGRATES);
    expect(steps).toContain('await-quiet');
    for (const later of ['migrate', 'write-settings', 'start-slot'])
      if (steps.includes(later)) expect(steps.indexOf('await-quiet')).toBeLessThan(steps.indexOf(later));
  },
);

test('nobody is sent to the copy before it is proven that the originals can be closed behind them', () => {
  const steps = kinds(rows.ready, 'switch');
  expect(steps).toContain('prove-sql');
  expect(steps.indexOf('prove-sql')).toBeLessThan(steps.indexOf('intend-swap'));
});

test('a database is taken away only under a live build whose WebJobs do not go on', () => {
  const codeAlone = { 'rollback-scope': 'code', 'ignore-schema': 'true' };
  const picture = after([['rollback', codeAlone]], rows.deployed);
  const steps = kinds(picture, 'rollback', { 'rollback-scope': 'code-and-database' });
  expect(steps).toContain('move-database');
  for (const kind of ['stop-webjobs', 'stop-slot', 'await-quiet']) {
    expect(steps).toContain(kind);
    expect(steps.indexOf(kind)).toBeLessThan(steps.indexOf('move-database'));
  }
});

test('a new build that is armed already is connected itself: quiet would never come', () => {
  expect(kinds(killed(rows.switched, 'deploy', 'write-settings'), 'deploy')).not.toContain('await-quiet');
});

test('complete does not send visitors to originals that nobody could read, or that take no writes', () => {
  const { observed, settings: known } = look(rows.validated, phaseNamed.complete, settings({ phase: 'complete' }));
  expect(
    phaseNamed.complete
      .plan(known, observed)
      .flat()
      .map(({ kind }) => kind),
  ).toContain('post-swap');
  for (const sql of [{}, { shop: { ...observed.sql.shop, readOnly: true } }])
    expect(() => phaseNamed.complete.plan(known, { ...observed, sql } as typeof observed)).toThrow(
      'shop is READ_ONLY or could not be read',
    );
});

const CLOSED = (picture: Picture) => withDatabase(picture, 'shop', (held) => ({ ...held, isReadOnly: true }));

test('cleanup opens an original only when this deployment closed it, and visitors left the window by another way', () => {
  // Visitors were swapped back by hand: the original must not stay closed.
  const byHand = swapped(started(CLOSED(rows.switched), 'zdd-readonly'), 'zdd-readonly');
  expect(kinds(byHand, 'cleanup')).toContain('set-read-write');
  // Its owner has closed it: before anybody was moved, or after all was over.
  expect(kinds(CLOSED(rows.ready), 'cleanup')).not.toContain('set-read-write');
  expect(kinds(CLOSED(rows.completed), 'cleanup')).not.toContain('set-read-write');
});

test('deploy needs a new build: one that is given, or that an earlier phase has uploaded', () => {
  const { observed, settings: known } = look(rows.switched, phaseNamed.deploy, settings({ phase: 'deploy' }));
  const plan = (differences: Partial<typeof observed>) =>
    phaseNamed.deploy.plan(known, { ...observed, ...differences });
  expect(observed.stagingSlot?.markerText).toMatch(/\/new\/0$/);
  expect(() => plan({ newBuild: null })).not.toThrow();
  expect(() => plan({ newBuild: null, stagingSlot: null })).toThrow('Neither package nor image is given');
  expect(() => plan({ stagingSlot: null })).not.toThrow();
});
