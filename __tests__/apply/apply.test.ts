import { expect, test } from '@jest/globals';
import { apply } from '../../src/apply/apply.ts';
import type { Look } from '../../src/deployment/partial-look.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { Stop } from '../../src/errors.ts';
import type { Step } from '../../src/steps/steps.ts';
import { CLONE, observed, slot } from '../phases/observed.ts';
import { stage } from './scene.ts';
import { recordOf, type Site, sketch } from './sketch.ts';

const because = 'of a reason';
const MARKED = slot('zdd-staging', { appSettings: { ZDD_INSTANCE: 'mine' } });
const PROVE: Step = { kind: 'prove-instance', slot: 'zdd-staging', as: 'candidate', because };
const CHECK: Step = { kind: 'check-sessions', slot: 'zdd-staging', because };
const INSIDE = (_name: string, second: number) => (second > 1 ? [{}] : []);

test('the steps of a batch go on side by side, and what each of them brings is known afterwards, beside what was', async () => {
  const before = { ...freshRun, uploaded: { 'zdd-staging': 'e' } };
  const run = sketch({ inside: INSIDE });
  const after = await apply(run.scene({ stagingSlot: MARKED, thisRun: before }), [PROVE, CHECK]);
  expect(after.proven).toEqual({ 'zdd-staging': 'mine' });
  expect(after.done).toEqual([{ kind: 'check-sessions', subject: 'zdd-staging' }]);
  expect(after.uploaded).toEqual(before.uploaded);
  // Alone, a proof takes two seconds and so does a look at the sessions.
  expect(run.clock.now()).toBeLessThan(3500);
});

test('when steps fail the others are waited for, and every failure is told', async () => {
  const site: Site = ({ host }) => (host.includes('staging') ? 503 : 200);
  const run = sketch({ inside: INSIDE, site, sees: () => false, inputs: { 'health-timeout': '30' } });
  const failing = apply(run.scene({ stagingSlot: MARKED }), [PROVE, CHECK]);
  await expect(failing).rejects.toThrow('to be healthy');
  expect(run.warnings).toEqual([
    expect.stringMatching(/^Something else failed at the same time: .*VIEW DATABASE STATE/),
  ]);
  expect(run.clock.now()).toBeGreaterThanOrEqual(30_000);
});

test('where a part could not be seen, production is asked, and nothing is done that wants the whole', async () => {
  const stop = new Stop('failed', 'Nobody may read the settings.', 'Grant it.');
  const run = sketch();
  const whole = run.scene();
  const unseen = [{ what: 'settings', so: 'what runs', at: '/x', why: 'Denied.', stop }] as const;
  const { production, readonlySlot, stagingSlot, now, run: name, thisRun } = observed();
  const partial: Look = {
    ...{ production, readonlySlot, stagingSlot, now, run: name, thisRun, unseen },
    ...{ appPart: undefined, servers: undefined, databasePart: undefined, deploymentId: observed().deploymentId },
    newBuild: null,
  } as unknown as Look;
  const scene = { ...whole, observed: partial };
  expect((await apply(scene, [{ kind: 'ask-production', because }])).production).toBe('');
  await run.context.eyes.close();
  await expect(apply(scene, [CHECK])).rejects.toBe(stop);
  await expect(apply(scene, [{ kind: 'set-read-only', database: CLONE, because }])).rejects.toBe(stop);
  expect(run.entered).toEqual([]);
});

test('what is recorded stands in Azure, and an attempt that was recorded has begun in this run', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  const scene = there.scene({ record: recordOf() });
  const rollbackPoint = '2026-09-01T08:00:30.0000000Z';
  const recorded = await apply(scene, [{ kind: 'record', fields: { rollbackPoint }, because }]);
  expect([clone.tags['zdd-rollback-point'], recorded.begun]).toEqual([rollbackPoint, undefined]);
  expect((await apply(scene, [{ kind: 'record', fields: { attempt: 3 }, because }])).begun).toBe(3);
  expect(clone.tags['zdd-attempt']).toBe('3');
});

test('what a phase checks again is told in its log and kept for the report, once', async () => {
  const there = await stage();
  const scene = await there.seen();
  const { report, done } = await apply(scene, [{ kind: 'check-again', phase: 'read-only', because }]);
  expect(done).toEqual([{ kind: 'check-again', subject: '' }]);
  expect(report?.length).toBeGreaterThan(0);
  for (const { found } of report ?? []) expect(there.infos.some((line) => line.includes(found))).toBe(true);
});
