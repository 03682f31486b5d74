import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { besideSteps, carryFromCopy, carryFromNewBuild, carrySteps } from '../../src/phases/kept-files.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { done } from '../../src/steps/done.ts';
import { NOW, settings, slot } from './observed.ts';
import { look } from './picture.ts';
import { rows } from './rows.ts';

const KEEP = settings({ 'keep-files': 'media/' });

function seen(row: keyof typeof rows, recorded: Partial<DeploymentRecord> = {}): [Observed, DeploymentRecord] {
  const { observed } = look(rows[row], phaseNamed.rollback, settings());
  if (observed.record === null) throw new Error('The row has a record.');
  const record = { ...observed.record, ...recorded };
  return [{ ...observed, record }, record];
}

const FROM = [{ kind: 'carry-files', folders: ['media/'] }];

test('the kept files come from where the live build is', () => {
  expect(carrySteps(KEEP, seen('ready')[0], 'zdd-staging')).toMatchObject([{ ...FROM[0], from: 'production' }]);
  expect(carrySteps(KEEP, seen('switched')[0], 'zdd-staging')).toMatchObject([{ ...FROM[0], from: 'zdd-readonly' }]);
  expect(carrySteps(settings(), seen('ready')[0], 'zdd-staging')).toEqual([]);
});

test('once carried in this run they are not carried again', () => {
  const [observed] = seen('ready');
  const [step] = carrySteps(KEEP, observed, 'zdd-staging');
  if (step?.kind !== 'carry-files') throw new Error('It carries.');
  const thisRun = { ...observed.thisRun, ...done(step) };
  expect(carrySteps(KEEP, { ...observed, thisRun }, 'zdd-staging')).toEqual([]);
});

test('what visitors wrote to the copy goes along only where they could write to it', () => {
  expect(carryFromCopy(KEEP, ...seen('deployed'), 'zdd-staging')).toEqual([]);
  const open = seen('deployed', { mode: 'read-write' });
  expect(carryFromCopy(KEEP, ...open, 'zdd-staging')).toMatchObject([{ ...FROM[0], from: 'production' }]);
});

test('what visitors wrote to the new build comes back with them, and only when they were on it', () => {
  expect(carryFromNewBuild(KEEP, ...seen('deployed'), 'zdd-readonly')).toEqual([]);
  const visited = seen('deployed', { visitorsOnOriginalSince: NOW });
  expect(carryFromNewBuild(KEEP, ...visited, 'zdd-readonly')).toMatchObject([{ ...FROM[0], from: 'zdd-staging' }]);
  const [observed, record] = visited;
  expect(carryFromNewBuild(KEEP, { ...observed, stagingSlot: null }, record, 'zdd-readonly')).toEqual([]);
  const stagingSlot = observed.readonlySlot;
  expect(carryFromNewBuild(KEEP, { ...observed, stagingSlot }, record, 'zdd-readonly')).toEqual([]);
});

test('of a build that is mounted or an image only what lies beside it is carried, or nothing', () => {
  const both = settings({ 'keep-files': 'media/,/home/site/scripts/' });
  const [observed] = seen('ready');
  const from = (differences: Parameters<typeof slot>[1]) =>
    carrySteps(both, { ...observed, production: slot('production', differences) }, 'zdd-staging');
  const because = expect.any(String);
  const carried = (folders: readonly string[]) => [
    { kind: 'carry-files', slot: 'zdd-staging', from: 'production', folders, because },
  ];
  expect(from({})).toEqual(carried(['media/', '/home/site/scripts/']));
  expect(from({ appSettings: { WEBSITE_RUN_FROM_PACKAGE: '1' } })).toEqual(carried(['/home/site/scripts/']));
  expect(from({ travelling: { linuxFxVersion: 'DOCKER|shop:1' } })).toEqual([]);
  expect(besideSteps(both, observed, 'zdd-staging')).toEqual(carried(['/home/site/scripts/']));
  expect(besideSteps(KEEP, observed, 'zdd-staging')).toEqual([]);
});
