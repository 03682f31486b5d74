import { expect, test } from '@jest/globals';
import { buildId } from '../../src/deployment/build.ts';
import type { Companion } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { attemptOf, beginSteps } from '../../src/phases/deploy-attempt.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { companion, ID, PACKAGE, settings, slot } from './observed.ts';
import { look } from './picture.ts';
import { rows } from './rows.ts';

const WANTED = { phase: 'deploy', 'migrate-command': 'npm run migrate', 'app-settings': 'SHOP_NAME=Shop' };

/** The attempt that a run with these inputs makes of a deployment whose last run had {@link WANTED}. */
function attempted(
  inputs: Readonly<Record<string, string>>,
  newBuild = PACKAGE,
  recorded: Partial<DeploymentRecord> = {},
) {
  const { observed, settings: before } = look(rows.deployed, phaseNamed.deploy, settings(WANTED));
  if (observed.record === null) throw new Error('The row has a record.');
  const { fingerprint } = attemptOf(before, observed, observed.record);
  const record = { ...observed.record, fingerprint, ...recorded };
  const known = look(rows.deployed, phaseNamed.deploy, settings({ ...WANTED, ...inputs })).settings;
  const attempt = attemptOf(known, { ...observed, newBuild }, record);
  return { attempt, record, known };
}

test('the same once more is the same attempt', () => {
  const { attempt, record } = attempted({});
  expect(attempt).toMatchObject({ fresh: false, number: record.attempt });
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['another command', { 'migrate-command': 'npm run migrate -- --mended' }],
  ['no command', { 'migrate-command': '' }],
  ['another setting', { 'app-settings': 'SHOP_NAME=Mended' }],
  ['a setting more', { 'app-settings': 'SHOP_NAME=Shop\nNEW=on' }],
  ['a command afterwards', { 'after-start-command': 'npm run push' }],
  ['a connection string', { 'app-settings': 'SHOP_NAME=Shop\nconnection-string:Search=Server=search.example' }],
])('%s is another attempt', (_what, inputs) => {
  const { attempt, record } = attempted(inputs);
  expect(attempt).toMatchObject({ fresh: true, number: record.attempt + 1 });
});

test('another package is another attempt', () => {
  expect(attempted({}, { ...PACKAGE, sha256: 'f'.repeat(64) }).attempt.fresh).toBe(true);
});

const OTHER = { ...PACKAGE, sha256: 'f'.repeat(64) };
const given = (key: string, newBuild: typeof PACKAGE) => companion(key, 'build', { newBuild });
const uploaded = (deployment: string) =>
  companion('shop-rg/admin', 'build', {
    stagingSlot: slot('zdd-staging', {
      appSettings: { ZDD_INSTANCE: `${deployment}/new/0`, ZDD_BUILD: buildId(PACKAGE) },
    }),
  });
const ADMIN = given('shop-rg/admin', PACKAGE);
const SHELF = given('shop-rg/shelf', PACKAGE);

test.each<[string, readonly Companion[], readonly Companion[], boolean]>([
  ['the same build', [ADMIN], [ADMIN], false],
  ['another build', [ADMIN], [given(ADMIN.key, OTHER)], true],
  ['another build of the second', [ADMIN, SHELF], [ADMIN, given(SHELF.key, OTHER)], true],
  ['the builds of two exchanged', [ADMIN, given(SHELF.key, OTHER)], [given(ADMIN.key, OTHER), SHELF], true],
  ['the same build of another app', [ADMIN], [SHELF], true],
  ['an app more', [ADMIN], [ADMIN, SHELF], true],
  ['an app less', [ADMIN], [], true],
  ['none given, and the same is in its slot', [ADMIN], [uploaded(ID)], false],
  ['none given, and what is in its slot is of another deployment', [ADMIN], [uploaded('20250101-aaaaa')], true],
  ['an app more that gets none', [ADMIN], [ADMIN, companion(SHELF.key, 'read-only', { newBuild: OTHER })], false],
])('whether it is another attempt with other apps: %s', (_what, before, now, fresh) => {
  const { observed, settings: known } = look(rows.deployed, phaseNamed.deploy, settings(WANTED));
  if (observed.record === null) throw new Error('The row has a record.');
  const { fingerprint } = attemptOf(known, { ...observed, companions: before }, observed.record);
  const record = { ...observed.record, fingerprint };
  expect(attemptOf(known, { ...observed, companions: now }, record).fresh).toBe(fresh);
});

test.each<[string, Partial<DeploymentRecord>, boolean]>([
  ['was refused by "validate"', { verdict: { of: 'x', result: 'failed', by: 'ada' } }, true],
  ['passed "validate"', { verdict: { of: 'x', result: 'passed', by: 'ada' } }, false],
  ['was rolled back', { candidate: { role: 'live', attempt: 2, slot: 'zdd-readonly' } }, true],
  [
    'is being rolled back',
    { candidate: undefined, rollbackUnderWay: { scope: 'code', attempt: 2, databases: 'settled' } },
    true,
  ],
])('the same after an attempt that %s', (_what, recorded, fresh) => {
  expect(attempted({}, PACKAGE, recorded).attempt.fresh).toBe(fresh);
});

const LIVE = { role: 'live', attempt: 2, slot: 'zdd-readonly' } as const;
const FAILED = { scope: 'code', attempt: 2, databases: 'settled' } as const;

test.each<[string, Partial<DeploymentRecord>, boolean]>([
  ['the live build is the candidate', { candidate: LIVE }, true],
  [
    'the live build was started in a rollback and did not become healthy',
    { candidate: undefined, rollbackUnderWay: FAILED },
    true,
  ],
  [
    'the databases were not settled yet',
    { candidate: undefined, rollbackUnderWay: { scope: 'code-and-database', attempt: 2, databases: 'moving' } },
    false,
  ],
  ['nobody rolled anything back', {}, false],
  ['the live build came back before "deploy" had begun', { candidate: LIVE, deployBegun: undefined }, false],
])('whether the live build wrote after the rollback point: %s', (_what, recorded, wrote) => {
  const { record, known } = attempted({}, PACKAGE, recorded);
  const [[step] = []] = beginSteps(known, record, { number: 3, fingerprint: 'x', fresh: true });
  if (step?.kind !== 'record') throw new Error('It begins with the record.');
  expect(step.fields.otherWriters).toEqual(wrote ? 'the live build after a rollback' : undefined);
});

test.each<[string, number | undefined, string, Partial<DeploymentRecord>]>([
  ['a command that has run for another attempt is to run again', 2, 'npm run push', { afterStart: 0 }],
  ['a command that is new is to run', undefined, 'npm run push', { afterStart: 0 }],
  ['one that has run and is not given any more is forgotten', 2, '', { afterStart: undefined }],
  ['one that was to run and is not given any more stays in the record', 0, '', { afterStart: 0 }],
  ['of none that ever was nothing is written', undefined, '', {}],
])('after-start-command: %s', (_what, afterStart, command, written) => {
  const { record, known } = attempted({ 'after-start-command': command }, PACKAGE, { afterStart });
  const [[step] = []] = beginSteps(known, record, { number: 3, fingerprint: 'x', fresh: true });
  if (step?.kind !== 'record') throw new Error('It begins with the record.');
  const its = Object.entries(step.fields).filter(([name]) => name === 'afterStart');
  expect(Object.fromEntries(its)).toStrictEqual(written);
});
