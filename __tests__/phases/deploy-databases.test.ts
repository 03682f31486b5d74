import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import { quietBuilds, readWriteSteps } from '../../src/phases/deploy-databases.ts';
import { observed, otherApp, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen } from './seen.ts';

const LIVE = rows.switched.slots['zdd-readonly'] ?? slot('none');
const runs = (state: string): Partial<Observed> => ({ readonlySlot: slot(LIVE.name, { ...LIVE, state }) });

/** Whether it is waited for nobody to be in the originals, and the live build is stopped first. */
function waits(differences: Differences, armed = false) {
  const { observed: look, record } = seen(rows.switched, 'deploy', differences);
  const kinds = quietBuilds(look, record, armed)
    .flat()
    .map(({ kind }) => kind);
  if (kinds.includes('stop-slot')) expect(kinds.indexOf('stop-slot')).toBeLessThan(kinds.indexOf('await-quiet'));
  return { stops: kinds.includes('stop-slot'), quiet: kinds.includes('await-quiet') };
}

test.each<[string, Differences, boolean, boolean]>([
  ['nothing was begun', { record: { attempt: 0 } }, false, false],
  ['this run began the first attempt', { record: { attempt: 1 }, run: { begun: 1 } }, false, false],
  ['another run began it, whose command may still be connected', { record: { attempt: 1 } }, false, true],
  ['this run began the second one', { record: { attempt: 2 }, run: { begun: 2 } }, false, true],
  ['the new build is armed already, and is connected itself', { record: { attempt: 2 } }, true, false],
  [
    'owners of other apps may have started them',
    { look: { otherApps: [otherApp('rg/admin', 'Stopped')] } },
    false,
    true,
  ],
])('originals are quiet before they are updated: %s', (_what, differences, armed, quiet) => {
  const { look, ...more } = differences;
  expect(waits({ ...more, look: { ...runs('Stopped'), ...look } }, armed)).toEqual({ stops: false, quiet });
});

test('an app that moves along may have been started as well', () => {
  const { app, production } = observed();
  const look = { app, production, readonlySlot: null, stagingSlot: null, newBuild: null, liveImage: null };
  const companions = [{ key: 'shop-rg/search', does: 'read-only', look }] as const;
  expect(waits({ record: { attempt: 0 }, look: { ...runs('Stopped'), companions } }).quiet).toBe(true);
});

test('a live build that somebody started is stopped, and waited for, also when the new build is armed', () => {
  for (const armed of [false, true])
    expect(waits({ record: { attempt: 0 }, look: runs('Running') }, armed)).toEqual({ stops: true, quiet: true });
});

test('originals are opened once each, when their own clock is five seconds past the point', () => {
  const steps = (differences: Differences) => {
    const { observed: look, record } = seen(rows.switched, 'deploy', differences);
    return readWriteSteps(look, record).flat();
  };
  const record = { rollbackPoint: '2026-01-31T14:00:00.1234567Z' };
  const [clock, open] = steps({ record });
  expect(clock).toMatchObject({ kind: 'await-database-clock', until: '2026-01-31T14:00:05.123Z' });
  expect(open).toMatchObject({ kind: 'set-read-write', database: 'shop' });
  const done = { done: [{ kind: 'await-database-clock', subject: '' }] };
  expect(steps({ record, run: done }).map(({ kind }) => kind)).toEqual(['set-read-write']);
  expect(steps({ record, look: { sql: { shop: { readOnly: false, schemaVersion: '1' } } } })).toEqual([]);
  // What could not be seen may be closed.
  expect(steps({ record, look: { sql: {} } }).map(({ kind }) => kind)).toContain('set-read-write');
});
