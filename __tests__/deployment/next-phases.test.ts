import { expect, test } from '@jest/globals';
import { parseName } from '../../src/deployment/names.ts';
import { nextPhases } from '../../src/deployment/next-phases.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { stateOf } from '../../src/deployment/state.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { CLONE, connectionTo, ID, NOW, settings, slot } from '../phases/observed.ts';
import { look, type Picture, start } from '../phases/picture.ts';
import { explore } from '../phases/reachable.ts';
import { rows } from '../phases/rows.ts';
import { after, killed, planned } from '../phases/walk.ts';

const seen = (picture: Picture) => look(picture, phaseNamed.rollback, settings({ phase: 'rollback' })).observed;

const LOSSY = { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' };
const lossyRollback = after([['rollback', LOSSY]], rows.completed);
const lossySlot = seen(lossyRollback).record?.candidate?.slot ?? 'no candidate';

const twoReady = after(['clone', 'read-only'], start('catalog', 'shop'));

/** What other people may have done to a picture. */
const hands: Readonly<Record<string, (picture: Picture) => Picture>> = {
  nobody: (picture) => picture,
  'who deletes the clones': lost,
  'who swaps the readonly slot': (picture) => swappedByHand(picture, 'zdd-readonly'),
  'who swaps the staging slot': (picture) => swappedByHand(picture, 'zdd-staging'),
};

function lost(picture: Picture): Picture {
  const databases = picture.databases.filter(({ database }) => parseName(database.name)?.kind !== 'clone');
  return { ...picture, databases };
}

function swappedByHand(picture: Picture, name: string): Picture {
  const [there, here] = [picture.slots[name], picture.production];
  // In a slot that was emptied there is nothing that anybody would bring to visitors.
  if (!there || Object.keys(there.connectionStrings).length === 0) return picture;
  const carried = ({ appSettings, connectionStrings }: typeof there) => ({ appSettings, connectionStrings });
  return {
    ...picture,
    production: slot('production', { ...here, ...carried(there) }),
    slots: { ...picture.slots, [name]: slot(name, { ...there, ...carried(here) }) },
  };
}

const WAYS: readonly Readonly<Record<string, string>>[] = [{}, { 'ignore-schema': 'true' }, LOSSY];

/** It goes on with some inputs that its own message would ask for. */
function goesOn(picture: Picture, phase: PhaseName): boolean {
  const ways = phase === 'rollback' ? WAYS : [{}];
  return ways.some((inputs) => !/^(refused|drifted|failed): /.test(planned(picture, phase, inputs)));
}

const reached = new Set([...explore(start(), { attempts: 1, swaps: 1 })].map(({ from }) => from));

test.each(Object.keys(hands))(
  'whatever phase is named as next goes on, after a run that ended or was killed and %s',
  (who) => {
    const broken = new Set<string>();
    for (const from of reached) {
      const picture = hands[who]?.(from) ?? from;
      const observed = seen(picture);
      for (const phase of nextPhases(observed)) {
        if (phase === 'status' || goesOn(picture, phase)) continue;
        broken.add(`${stateOf(observed)}: ${phase} ${planned(picture, phase, LOSSY)}`);
      }
    }
    expect([...broken]).toEqual([]);
    expect(reached.size).toBeGreaterThan(100);
  },
);

test.each<[string, Picture, string]>([
  [
    'a cleanup that was killed when it had stopped the copy',
    killed(rows.ready, 'cleanup', 'stop-slot'),
    'read-only,cleanup',
  ],
  [
    'a cleanup that was killed when it had emptied the slots',
    killed(rows.ready, 'cleanup', 'empty-slot'),
    'read-only,cleanup',
  ],
  ['a cleanup that was killed after another clone was gone', killed(twoReady, 'cleanup', 'delete-database'), 'cleanup'],

  ['the clone is lost in the window', lost(rows.switched), 'rollback'],
  ['the clone is lost after deploy', lost(rows.deployed), 'validate,rollback'],
  ['the clone is lost after validate', lost(rows.validated), 'complete,validate,rollback'],
  ['the clone is lost after rollback', lost(rows.rolledBack), 'validate,rollback'],
  ['the clone is lost in the soak', lost(killed(rows.validated, 'complete', 'settle-swap')), 'complete'],
  ['the clone is lost after complete', lost(rows.completed), 'cleanup'],
  [
    'a cleanup after complete that had emptied the live build',
    killed(rows.completed, 'cleanup', 'write-settings'),
    'cleanup',
  ],
  ['somebody swapped the copy away', swappedByHand(rows.deployed, 'zdd-readonly'), 'status,cleanup'],
  ['somebody swapped the candidate in', swappedByHand(rows.deployed, 'zdd-staging'), 'status,rollback'],
  [
    'somebody swapped a validated candidate in',
    swappedByHand(after(['validate'], lossyRollback), lossySlot),
    'complete,rollback',
  ],
])('after %s next is what goes on', (_name, picture, next) => {
  expect(nextPhases(seen(picture)).join()).toBe(next);
});

test('whoever lost the live build goes on where it is not needed, and is told so first', () => {
  for (const row of ['switched', 'deployed', 'validated'] as const) {
    const { 'zdd-readonly': _, ...slots } = rows[row].slots;
    const [first, ...others] = nextPhases(seen({ ...rows[row], slots }));
    expect(first).toBe('status');
    expect(others.filter((phase) => traitsOf[phase].needs.includes('live-build'))).toEqual([]);
    expect(others.includes('complete')).toBe(row === 'validated');
  }
});

const recorded = (row: keyof typeof rows, fields: Partial<DeploymentRecord>, more: Partial<Observed> = {}) => {
  const observed = seen(rows[row]);
  return nextPhases({ ...observed, record: observed.record && { ...observed.record, ...fields }, ...more }).join();
};

test('a rollback that moves databases goes on alone once one has changed hands, and only then', () => {
  const underWay = { scope: 'code-and-database', attempt: 2 } as const;
  const rollbackUnderWay = { ...underWay, databases: 'moving' } as const;
  expect(recorded('deployed', { rollbackUnderWay })).toBe('rollback,deploy');
  expect(recorded('deployed', { rollbackUnderWay: { ...underWay, databases: 'settled' } })).toBe('rollback,deploy');
  const { databases } = seen(rows.deployed);
  const moved = databases.map((pair) => ({ ...pair, successorOf: 2 }));
  expect(recorded('deployed', { rollbackUnderWay }, { databases: moved })).toBe('rollback');
});

test('out of a drift leads what mends it; what people must mend leads nowhere else', () => {
  const { databases, production } = seen(rows.switched);
  const renamed = databases.map((pair) => ({ ...pair, original: pair.original && { ...pair.original, name: 'old' } }));
  expect(recorded('switched', {}, { databases: renamed })).toBe('status');
  expect(recorded('deployed', {}, { databases: renamed })).toBe('status');
  // Swapped by hand to the copy: people swap it back.
  expect(recorded('switched', { windowOpenedAt: undefined })).toBe('status');
  const over = (...names: string[]) => ({
    production: slot('production', {
      swapStatus: { at: NOW, source: 'zdd-readonly', destination: 'production' },
      connectionStrings: connectionTo(...names),
    }),
  });
  expect(recorded('switched', { windowOpenedAt: NOW }, over('shop'))).toBe('status,switch,cleanup');
  expect(recorded('switched', { windowOpenedAt: NOW }, over(CLONE))).toBe('status,switch');
  const { app, newBuild, liveImage } = seen(rows.switched);
  const bare = slot('production');
  const look = { app, newBuild, liveImage, production: bare, readonlySlot: slot('zdd-readonly'), stagingSlot: null };
  const companions = [{ key: 'rg/admin', does: 'read-only', look }] as const;
  expect(recorded('switched', {}, { companions })).toBe('status,switch');
  expect(production.markerText).toBe(`${ID}/read-only/1`);
});

test('a candidate that is not where it should be is brought there again, once the point is known', () => {
  const gone = { stagingSlot: slot('zdd-staging') };
  expect(recorded('deployed', {}, gone)).toBe('status,deploy,rollback');
  expect(recorded('deployed', { rollbackPoint: undefined, deployBegun: undefined }, gone)).toBe('status');
  // The point is what is missing, and there is no candidate yet.
  expect(recorded('deployed', { candidate: undefined, rollbackPoint: undefined })).toBe('status');
});

test('back from a candidate visitors go to the copy alone, while the live build is there and every clone', () => {
  const soak = seen(rows.completed);
  const next = (more: Partial<Observed>) => nextPhases({ ...soak, ...more }).join();
  expect(next({})).toBe('cleanup,rollback');
  expect(next({ readonlySlot: null })).toBe('cleanup');
  expect(next({ stagingSlot: null })).toBe('cleanup');
  expect(next({ databases: soak.databases.map((pair) => ({ ...pair, clone: null })) })).toBe('cleanup');
  expect(next({ production: slot('production') })).toBe('cleanup');
});

test('a deployment begins where none is open', () => {
  const observed = seen(rows.start);
  const claim = { deploymentId: ID, app: 'x', run: 'x', actor: 'x', lock: 'held', databases: [], claim: 'x' } as const;
  expect(nextPhases(observed)).toContain('clone');
  expect(nextPhases({ ...observed, others: [claim] })).toEqual(['status']);
});
