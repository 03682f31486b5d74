import { expect, test } from '@jest/globals';
import { readOnlyCopySettings } from '../../src/deployment/instances.ts';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { copyAgain, disarmOverwritten } from '../../src/phases/copy-again.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { connectionTo, NOW, settings, slot } from './observed.ts';
import { look, start } from './picture.ts';
import { rows } from './rows.ts';
import { stopOr } from './seen.ts';
import { after } from './walk.ts';

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

test('what is emptied has nothing to take away', () => {
  const appSettings = { WEBJOBS_STOPPED: '1' };
  expect(stepsFor({ appSettings, connectionStrings: {} })).toEqual([]);
  expect(stepsFor({ appSettings, connectionStrings: connectionTo('shop') })).not.toEqual([]);
  expect(disarmOverwritten(known, { ...observed, stagingSlot: null })).toEqual([]);
});

test('its WebJobs are stopped once a run', () => {
  const thisRun = { ...observed.thisRun, done: [{ kind: 'stop-webjobs', subject: 'zdd-staging' }] };
  const stagingSlot = slot('zdd-staging');
  expect(
    disarmOverwritten(known, { ...observed, stagingSlot, thisRun })
      .flat()
      .map(({ kind }) => kind),
  ).toEqual(['stop-slot', 'write-settings']);
});

const IMAGE = `registry.io/team/shop@sha256:${'a'.repeat(64)}`;

/** Another copy for visitors, while a new build is given that has nothing to do with it. */
function again(differences: Partial<Observed> = {}, recorded: Partial<DeploymentRecord> = {}) {
  if (observed.record === null) throw new Error('The row has a record.');
  const record = { ...observed.record, ...recorded };
  return stopOr(() => copyAgain(known, { ...observed, ...differences, record }, record));
}

test('another copy is the live build, whatever build is given, and an image by the digest that visitors have', () => {
  const kinds = (found: ReturnType<typeof again>) =>
    Array.isArray(found) ? found.flat().map(({ kind }) => kind) : found;
  expect(kinds(again())).toContain('copy-build');
  expect(kinds(again())).not.toContain('upload-build');
  const travelling = (image: string) => ({ linuxFxVersion: `DOCKER|${image}` });
  const of = (given: Slot | null, image: string) =>
    slot(given?.name ?? '', { ...given, travelling: travelling(image) });
  const { production, readonlySlot } = observed;
  const found = again({
    production: of(production, IMAGE),
    readonlySlot: of(readonlySlot, 'registry.io/team/shop:1'),
    stagingSlot: slot('zdd-staging'),
  });
  expect(JSON.stringify(found)).toContain(`registry.io/team/shop:1@${IMAGE.split('@')[1]}`);
});

test('without the clone, or without the live build, no copy can be made again', () => {
  expect(again({ recordIn: 'mirror' })).toMatchObject({ kind: 'drifted' });
  expect(again({ readonlySlot: null })).toMatchObject({
    kind: 'drifted',
    happened: expect.stringContaining('live build'),
  });
});

const two = look(after(['clone', 'read-only', 'switch'], start('catalog', 'shop')), phaseNamed.switch, settings());

/** What is recorded with the swap to a copy that is ready, of two databases. */
function intended(sql: Observed['sql'], recorded: Partial<DeploymentRecord> = {}) {
  if (two.observed.record === null) throw new Error('It has a record.');
  const record = { ...two.observed.record, windowOpenedAt: NOW, ...recorded };
  const seen = { ...two.observed, record, sql, newBuild: null };
  const made = readOnlyCopySettings(two.settings, seen, 'zdd-staging');
  const stagingSlot = slot('zdd-staging', made);
  const thisRun = { ...seen.thisRun, done: [{ kind: 'copy-build', subject: 'zdd-staging' }] };
  const plan = copyAgain(two.settings, { ...seen, stagingSlot, thisRun }, record);
  return plan.flat().find((step) => step.kind === 'intend-swap');
}

test('where an original takes writes, what visitors wrote since may be there since the window was opened', () => {
  const [isClosed, isOpen] = [true, false].map((readOnly) => ({ readOnly, schemaVersion: '1' }));
  const closed = { catalog: isClosed, shop: isClosed } as Observed['sql'];
  const open = { catalog: isClosed, shop: isOpen } as Observed['sql'];
  const gone = { candidate: undefined, verdict: undefined };
  expect(intended(closed)).toMatchObject({ purpose: 'return', source: 'zdd-staging' });
  expect(intended(closed)?.fields).toStrictEqual(gone);
  expect(intended(open)?.fields).toStrictEqual({ ...gone, visitorsOnOriginalSince: NOW });
  // Nobody could see it.
  expect(intended({})?.fields).toStrictEqual({ ...gone, visitorsOnOriginalSince: NOW });
  expect(intended(open, { visitorsOnOriginalSince: '2026-01-31T13:00:00.000Z' })?.fields).toStrictEqual(gone);
  expect(intended(open, { windowOpenedAt: undefined })?.fields).toStrictEqual(gone);
});

test('what bears a marker, or is not ours, is left alone', () => {
  const mark = `${observed.deploymentId}/new/1`;
  expect(stepsFor({ state: 'Running', appSettings: { ZDD_INSTANCE: mark } })).toEqual([]);
  expect(stepsFor({ state: 'Running', tags: {} })).toEqual([]);
});
