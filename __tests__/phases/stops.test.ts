import { expect, test } from '@jest/globals';
import type { Companion, Observed } from '../../src/deployment/observed.ts';
import { Stop } from '../../src/errors.ts';
import {
  existingLiveBuild,
  notStarted,
  openRecord,
  refuseDuringRollback,
  refuseState,
  stopOnCompanions,
  stopOnOverwritten,
} from '../../src/phases/refusals.ts';
import { connectionTo, ID, slot } from './observed.ts';
import { rows } from './rows.ts';
import { seen, stopOr } from './seen.ts';

const { observed, record } = seen(rows.switched, 'deploy');
const DRIFTED = { kind: 'drifted' };

function stopped(act: () => unknown): unknown {
  return stopOr(act) ?? 'goes on';
}

test('without a record a phase says what to run, unless production shows that a record is lost', () => {
  const open = (more: Partial<Observed>) => stopped(() => openRecord('switch', { ...observed, record: null, ...more }));
  expect(open({})).toMatchObject(DRIFTED);
  const { production } = rows.start;
  expect(open({ production })).toMatchObject({ kind: 'refused', next: expect.stringMatching(/^Run "clone" first/) });
});

test('visitors on settings that somebody wrote are told of, of the first app and of those that move along', () => {
  const { app, readonlySlot, stagingSlot } = observed;
  const bare = slot('production');
  const companion: Companion = {
    ...{ key: 'rg/admin', does: 'read-only' },
    look: { app, production: bare, readonlySlot, stagingSlot, newBuild: null, liveImage: null },
  };
  for (const stop of [stopOnOverwritten, stopOnCompanions])
    expect(stopped(() => stop({ ...observed, companions: [companion] }))).toMatchObject({
      happened: expect.stringContaining('in production of rg/admin'),
    });
  const production = slot('production', { ...observed.production, connectionStrings: connectionTo('shop') });
  expect(stopped(() => stopOnOverwritten({ ...observed, production }))).toMatchObject(DRIFTED);
  expect(stopped(() => stopOnOverwritten(observed))).toBe('goes on');
  // Other drift is for who works in the window.
  const drifted = { ...observed, record: { ...record, rollbackPoint: undefined, deployBegun: observed.now } };
  expect(stopped(() => stopOnOverwritten(drifted))).toBe('goes on');
});

test('a phase that is not next says what has drifted or is lost before it says what is next', () => {
  const refused = (more: Partial<Observed>) =>
    stopped(() => refuseState('complete', { ...observed, ...more }, 'a verdict'));
  expect(refused({})).toMatchObject({ kind: 'refused', happened: expect.stringContaining('needs a verdict') });
  expect(refused({ recordIn: 'mirror' })).toMatchObject(DRIFTED);
  const lost = { ...record, rollbackPoint: undefined, deployBegun: observed.now };
  expect(refused({ record: lost })).toMatchObject({ happened: expect.stringContaining('no rollback point') });
});

test('while a rollback restores, "deploy" is another way only until the first database is moved', () => {
  const rollbackUnderWay = { scope: 'code-and-database', attempt: 1, databases: 'moving' } as const;
  const known = { ...record, rollbackUnderWay };
  const databases = observed.databases.map((pair) => ({ ...pair, underName: null }));
  const next = (more: Partial<Observed>) => {
    const stop = stopOr(() => refuseDuringRollback('switch', { ...observed, record: known, ...more }, known));
    return stop === undefined ? '' : (stop as Stop).next;
  };
  expect(next({})).toContain('also run "deploy"');
  expect(next({ databases })).toBe('Run "rollback" again with rollback-scope: code-and-database.');
});

test('a live build whose slot is gone is told of with the way to bring it back', () => {
  expect(stopped(() => existingLiveBuild({ ...observed, readonlySlot: null }, record))).toMatchObject({
    happened: expect.stringContaining('which held the live build'),
    next: expect.stringContaining('--deleted-id'),
  });
  const foreign = slot('zdd-readonly', { appSettings: { ZDD_INSTANCE: `${ID}/new/1` }, tags: { 'zdd-slot': 'yes' } });
  expect(stopped(() => existingLiveBuild({ ...observed, readonlySlot: foreign }, record))).toMatchObject(DRIFTED);
});

test('what a build that did not start has said, and Azure with it, is kept when ways out are added', () => {
  const azure = { code: 'Conflict', message: 'x' } as unknown as NonNullable<Stop['azure']>;
  const stop = new Stop('failed', 'It did not start.', 'Look at its log.', { azure });
  const told = notStarted(stop, 'Then run "deploy".');
  expect(told).toMatchObject({ kind: 'failed', happened: 'It did not start.', azure, cause: stop });
  expect(told.next).toBe('Look at its log. Then run "deploy".');
});
