import { describe, expect, test } from '@jest/globals';
import type { Companion, Observed } from '../../src/deployment/observed.ts';
import type { SwapIntent } from '../../src/deployment/record.ts';
import { refuseApart } from '../../src/phases/companion-moves.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { existing, existingLiveBuild } from '../../src/phases/refusals.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import { database, ID, slot } from './observed.ts';
import type { Picture } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

/** The kinds of what the phase plans, or how it stops. */
function outcome(picture: Picture, phase: PhaseName, differences: Differences = {}): string {
  const { known, observed } = seen(picture, phase, differences);
  const found = stopOr(() => phaseNamed[phase].plan(known, observed).flat());
  return Array.isArray(found) ? found.map(({ kind }) => kind).join(' ') : `${found.kind}: ${found.happened}`;
}

const INTENT: SwapIntent = {
  number: 9,
  purpose: 'complete',
  source: 'zdd-staging',
  sourceMarker: `${ID}/new/1`,
  productionMarker: `${ID}/read-only/1`,
  swapStatusBefore: '',
  at: '2026-01-31T14:00:00.000Z',
};

test.each(['read-only', 'switch', 'deploy', 'validate', 'complete', 'rollback', 'cleanup'] as const)(
  'while it is not known how a swap ended "%s" finds that out and does nothing else',
  (phase) => {
    expect(outcome(rows.validated, phase, { record: { intent: INTENT } })).toBe('settle-swap');
  },
);

describe('while databases change hands', () => {
  const MOVING = { scope: 'code-and-database', attempt: 2, databases: 'moving' } as const;
  const away = () => seen(rows.deployed, 'deploy').observed.databases.map((pair) => ({ ...pair, underName: null }));
  const moving = (): Differences => ({ record: { rollbackUnderWay: MOVING }, look: { databases: away() } });

  test.each(['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete'] as const)('"%s" is refused', (phase) => {
    expect(outcome(rows.validated, phase, moving())).toMatch(
      /^(refused: A rollback of code-and-database is under way|drifted: )/,
    );
  });

  test('only "deploy" and the other scope may come before the first of them is moved', () => {
    const unmoved = { record: { rollbackUnderWay: MOVING } };
    expect(outcome(rows.deployed, 'deploy', unmoved)).not.toMatch(/^refused/);
    for (const phase of ['switch', 'validate', 'complete'] as const)
      expect(outcome(rows.deployed, phase, unmoved)).toMatch(/^refused: A rollback of/);
    expect(outcome(rows.completed, 'cleanup', unmoved)).toMatch(/^refused: A rollback of/);
  });
});

describe('when settings were written over those of the copy', () => {
  const overwritten = (picture: Picture): Differences => {
    const { production } = picture;
    const { ZDD_INSTANCE: _, ...appSettings } = production.appSettings;
    return {
      record: { windowOpenedAt: production.swapStatus?.at },
      look: { production: slot('production', { ...production, appSettings }) },
    };
  };
  test.each(['deploy', 'validate', 'complete', 'rollback', 'read-only', 'cleanup'] as const)('"%s" stops', (phase) => {
    expect(outcome(rows.deployed, phase, overwritten(rows.deployed))).toMatch(/^(drifted|refused): /);
  });
  test('"switch" makes the copy anew, beside what visitors have', () => {
    expect(outcome(rows.switched, 'switch', overwritten(rows.switched))).toMatch(
      /^stop-slot .*write-settings .*copy-build .*start-slot$|write-settings/,
    );
  });
});

test.each([
  ['switch', rows.ready],
  ['deploy', rows.switched],
  ['read-only', rows.cloned],
] as const)('"%s" does nothing once a clone is lost', (phase, picture) => {
  const databases = seen(picture, phase).observed.databases.map((pair) => ({ ...pair, clone: null }));
  expect(outcome(picture, phase, { look: { databases, recordIn: 'mirror' } })).toMatch(/^(drifted|refused): /);
});

test.each([
  ['deploy', rows.switched, {}],
  ['rollback', rows.deployed, { 'rollback-scope': 'code', 'ignore-schema': 'true' }],
] as const)('"%s" starts no build on an original that is gone', (phase, picture, inputs) => {
  const gone = seen(picture, phase).observed.databases.map((pair) => ({
    ...pair,
    original: null,
    source: null,
    underName: null,
  }));
  expect(outcome(picture, phase, { inputs, look: { databases: gone } })).toMatch(/^drifted: /);
});

test.each([
  ['deploy', rows.switched],
  ['rollback', rows.deployed],
  ['switch', rows.switched],
] as const)('"%s" takes nothing but the live build for the live build', (phase, picture) => {
  const there = picture.slots['zdd-readonly'] ?? slot('none');
  const as = (differences: Parameters<typeof slot>[1]) =>
    outcome(picture, phase, {
      look: { readonlySlot: slot('zdd-readonly', { ...there, ...differences }) },
      record: { rollbackPoint: phase === 'switch' ? undefined : '2026-01-31T15:00:00.0000000Z' },
    });
  expect(as({ appSettings: { WEBJOBS_STOPPED: '1' }, connectionStrings: {} })).toMatch(
    /^drifted: .*(emptied|live build)/,
  );
  expect(as({ appSettings: { ...there.appSettings, ZDD_INSTANCE: `${ID}/new/1` } })).toMatch(/^drifted: /);
  expect(as({ tags: {} })).toMatch(/^drifted: .*does not bear the tag/);
  expect(as({})).not.toMatch(/^drifted: /);
});

test('a slot that is gone is made anew by who prepares it, and brought back by a person where nobody does', () => {
  expect(existing(slot('x'), 'x', 'nobody').name).toBe('x');
  expect(stopOr(() => existing(null, 'x', 'deploy'))).toMatchObject({
    kind: 'drifted',
    next: expect.stringContaining('"deploy" again'),
  });
  expect(stopOr(() => existing(null, 'x', 'nobody'))).toMatchObject({
    next: expect.stringContaining('deleted restore'),
  });
  const { observed, record } = seen(rows.rolledBack, 'rollback');
  expect(existingLiveBuild(observed, record).name).toBe('zdd-readonly');
});

describe('"clone"', () => {
  test('needs a database that exists, and an id that was never used', () => {
    const [pair] = seen(rows.cloned, 'clone').observed.databases;
    if (pair === undefined) throw new Error('The row has a database.');
    const bare = { ...pair, clone: null, cloneTags: undefined };
    const plan = (look: Partial<Observed>) => {
      const { known, observed } = seen(rows.cloned, 'clone', { look });
      const found = stopOr(() =>
        phaseNamed.clone.plan(known, { ...observed, ours: [], record: null, recordIn: null }).flat(),
      );
      return Array.isArray(found) ? found.map(({ kind }) => kind).join(' ') : `${found.kind}: ${found.happened}`;
    };
    expect(plan({ databases: [bare] })).toMatch(/copy-database/);
    expect(plan({ databases: [] })).toMatch(/^refused: No database/);
    expect(plan({ databases: [{ ...bare, underName: null, original: null, source: null }] })).toMatch(
      /^(refused|drifted): /,
    );
    expect(plan({ databases: [{ ...bare, setAside: [database(`shop-zdd-${ID}-failed`)] }] })).toMatch(
      /^refused: .*has been before/,
    );
    const production = slot('production', { appSettings: { ZDD_INSTANCE: `${ID}/new/1` } });
    expect(plan({ databases: [bare], production })).toMatch(/^(refused|drifted): /);
  });

  test('takes back what was overtaken, before anything else', () => {
    expect(outcome(rows.cloned, 'clone', { look: { strays: [database('shop-zdd-20260131-aaaaa')] } })).toBe(
      'delete-database',
    );
    expect(outcome(rows.cloned, 'clone', { look: { strays: [] } })).toBe('');
  });

  test('refuses to make a clone anew whose deployment has gone on', () => {
    const databases = seen(rows.ready, 'clone').observed.databases.map((pair) => ({
      ...pair,
      clone: null,
      cloneTags: undefined,
    }));
    expect(outcome(rows.ready, 'clone', { look: { databases } })).toMatch(/^(refused|drifted): /);
  });
});

test('"cleanup" waits for the soak, and takes nothing that production names', () => {
  expect(outcome(rows.completed, 'cleanup', { record: { completedAt: undefined } })).toMatch(
    /^refused: "complete" has swapped but not ended/,
  );
  const clone = seen(rows.completed, 'cleanup').observed.databases[0]?.clone?.name ?? '';
  const production = slot('production', {
    ...rows.completed.production,
    appSettings: { ...rows.completed.production.appSettings, OTHER: `Database=${clone}` },
  });
  expect(outcome(rows.completed, 'cleanup', { look: { production } })).toMatch(/^refused: Production serves/);
});

test('a lock keeps what it keeps, and is told when nothing else is left', () => {
  const clone = seen(rows.completed, 'cleanup').observed.recordDatabase;
  const locked = { locked: { [clone]: 'ScopeLocked' } };
  const first = outcome(rows.completed, 'cleanup', { run: locked });
  expect(first).toContain('empty-slot');
  expect(first).not.toMatch(/delete-database|remove-mirror/);
});

describe('phases that need all apps on one side', () => {
  const apart = (picture: Picture, marker: string): Partial<Observed> => {
    const { observed } = seen(picture, 'deploy');
    const production = slot('production', { ...picture.production, appSettings: { ZDD_INSTANCE: marker } });
    const { app, readonlySlot, stagingSlot } = observed;
    const companion: Companion = {
      key: 'rg/admin',
      does: 'read-only',
      look: { app, production, readonlySlot, stagingSlot, newBuild: null, liveImage: null },
    };
    return { companions: [companion] };
  };
  test('refuse while one is on its way, and name the phase that ends it', () => {
    const refused = (picture: Picture, marker: string) =>
      stopOr(() => refuseApart(seen(picture, 'deploy', { look: apart(picture, marker) }).observed));
    expect(refused(rows.switched, `${ID}/read-only/1`)).toBeUndefined();
    expect(refused(rows.switched, `${ID}/new/1`)).toMatchObject({
      kind: 'refused',
      next: expect.stringMatching(/^Run "complete" again/),
    });
    expect(refused(rows.ready, `${ID}/read-only/1`)).toMatchObject({
      kind: 'refused',
      next: expect.stringMatching(/^Run "switch" again/),
    });
  });
  test.each([
    ['read-only', rows.ready, `${ID}/read-only/1`],
    ['deploy', rows.switched, `${ID}/new/1`],
    ['cleanup', rows.ready, `${ID}/read-only/1`],
  ] as const)('"%s" is one', (phase, picture, marker) => {
    expect(outcome(picture, phase, { look: apart(picture, marker) })).toMatch(/^(refused|drifted): /);
  });
});
