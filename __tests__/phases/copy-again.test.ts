import { expect, test } from '@jest/globals';
import { disarmOverwritten } from '../../src/phases/copy-again.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { connectionTo, settings, slot } from './observed.ts';
import { look } from './picture.ts';
import { rows } from './rows.ts';

const { observed, settings: known } = look(rows.switched, phaseNamed.switch, settings({ phase: 'switch' }));

function stepsFor(differences: Parameters<typeof slot>[1]) {
  const stagingSlot = slot('zdd-staging', {
    tags: { 'zdd-slot': 'yes' },
    connectionStrings: connectionTo('shop'),
    ...differences,
  });
  return disarmOverwritten(known, { ...observed, stagingSlot }).flat();
}

test('what visitors had in between is stopped, and left with nothing that leads to an original', () => {
  const steps = stepsFor({ state: 'Running' });
  expect(steps.map(({ kind }) => kind)).toEqual(['stop-webjobs', 'stop-slot', 'write-settings']);
  const written = steps.find((step) => step.kind === 'write-settings');
  expect(written?.settings.connectionStrings).toEqual({});
  expect(JSON.stringify(written?.settings)).not.toMatch(/Database=shop\b/);
  // Its settings, also when it runs no more.
  expect(stepsFor({ state: 'Stopped' }).map(({ kind }) => kind)).toEqual(['stop-webjobs', 'write-settings']);
});

test('what bears a marker, or is not ours, is left alone', () => {
  const mark = `${observed.deploymentId}/new/1`;
  expect(stepsFor({ state: 'Running', appSettings: { ZDD_INSTANCE: mark } })).toEqual([]);
  expect(stepsFor({ state: 'Running', tags: {} })).toEqual([]);
});
