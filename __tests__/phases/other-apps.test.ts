import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import { stopOtherApps } from '../../src/phases/other-apps.ts';
import { tagged } from './picture-changes.ts';
import { rows } from './rows.ts';
import { after, killed, planned, run } from './walk.ts';

const ADMIN = { 'other-apps': 'admin = stop' };
const KEY = 'shop-rg/admin';

const switched = after([['switch', ADMIN]], rows.ready);
const deployed = after([['deploy', ADMIN]], switched);
const validated = after(['validate'], deployed);

/** The lines of a plan that speak of other apps. */
function aboutApps(text: string): string[] {
  return text.split('\n').filter((line) => /(Start|Stop) app |stopped apps/.test(line));
}

test('another app is recorded, then stopped with the live build, before anybody waits for quiet', () => {
  expect(planned(rows.ready, 'switch', ADMIN).split('\n').slice(5)).toEqual([
    ' 5. Watch production for 10 s, because the live build keeps running until its replacement stays healthy.',
    ' 6. Record stopped apps shop-rg/admin, because what ends the deployment must know which of them ran.',
    ' 7. Stop slot zdd-readonly, because the live build must not write to the original any more.',
    ' 7. Stop app shop-rg/admin, because it must not write to the originals meanwhile.',
    ' 8. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 8. Wait until shop is quiet, then set READ_ONLY, watching production meanwhile, because the rollback point must lie between the writes of the two builds.',
    ' 9. Take the rollback point from shop, because a rollback of the database returns to this instant.',
  ]);
  expect(switched.appsOff).toEqual([KEY]);
});

test('killed between record and stop, it is stopped by the next run and started at the end', () => {
  const half = killed(rows.ready, 'switch', 'record', ADMIN);
  expect(half.appsOff).toEqual([]);
  expect(after([['switch', ADMIN]], half).appsOff).toEqual([KEY]);
  expect(after(['rollback'], half).appsOff).toEqual([]);
});

test('killed between the record and its mirror, the mirror knows it before the app is stopped', () => {
  const half = killed(rows.ready, 'switch', 'record', ADMIN);
  const lagging = tagged(half, 'shop', { 'zdd-stopped-apps': '-' });
  const [first] = planned(lagging, 'switch', ADMIN).split('\n');
  expect(first).toBe(' 1. Complete the record, because the copy and the first original do not both say it.');
});

test('"complete" starts it once visitors are on the candidate, whether or not the input is given again', () => {
  expect(aboutApps(planned(validated, 'complete'))).toEqual([
    ' 4. Start app shop-rg/admin, because the originals need not be quiet any more.',
    expect.stringMatching(/^ 7\. Record completed at .*, no stopped apps, because "cleanup" may run from here\.$/),
  ]);
  const completed = after(['complete'], validated);
  expect(completed.appsOff).toEqual([]);
  expect(aboutApps(planned(completed, 'cleanup', ADMIN))).toEqual([]);
});

test('killed after the swap of "complete", the next run starts it', () => {
  const half = killed(validated, 'complete', 'settle-swap');
  expect(half.appsOff).toEqual([KEY]);
  expect(after(['complete'], half).appsOff).toEqual([]);
});

test('an app that its owner had stopped stays stopped', () => {
  const from = { ...rows.ready, appsOff: [KEY] };
  const through = after([['switch', ADMIN], ['deploy', ADMIN], 'validate', ['complete', ADMIN]], from);
  expect(through.appsOff).toEqual([KEY]);
});

test('a rollback starts it with the live build, and after "complete" stops it first', () => {
  expect(after([['rollback', ADMIN]], switched).appsOff).toEqual([]);
  const restoring = { ...ADMIN, 'rollback-scope': 'code-and-database' };
  const rolledBack = after([['rollback', restoring]], deployed);
  expect(rolledBack.appsOff).toEqual([]);
  // Rolled forward again it stops again.
  expect(after([['deploy', ADMIN]], rolledBack).appsOff).toEqual([KEY]);
  const completed = after(['complete'], validated);
  const lossy = { ...restoring, 'accept-data-loss': 'true' };
  const kinds = run(completed, 'rollback', lossy).rounds.flatMap(({ plan: [batch = []] }) =>
    batch.map(({ kind }) => kind),
  );
  const order = ['post-swap', 'stop-app', 'await-quiet', 'restore-database', 'start-app'] as const;
  expect(order.map((kind) => kinds.indexOf(kind))).toEqual(
    [...order.map((kind) => kinds.indexOf(kind))].sort((a, b) => a - b),
  );
  expect(after([['rollback', lossy]], completed).appsOff).toEqual([]);
});

test('an undone switch starts it again', () => {
  const { picture, stop } = run(switchedApp(), 'switch', ADMIN, { ill: true });
  expect(stop?.happened).toContain('visitors were sent back to the live build');
  expect(picture.appsOff).toEqual([]);
});

test('a deployment given up after a swap by hand starts it again', () => {
  const byHand = { ...switched, production: rows.start.production, slots: {} };
  expect(aboutApps(planned(byHand, 'cleanup'))).toEqual([
    ' 2. Start app shop-rg/admin, because the originals need not be quiet any more.',
  ]);
});

test('somebody who starts it between the builds finds it stopped again, and quiet measured anew', () => {
  const started = { ...switched, appsOff: [] };
  const plan = planned(started, 'deploy', ADMIN).split('\n');
  const at = (start: string) => plan.findIndex((line) => line.slice(4).startsWith(start));
  expect(at('Stop app shop-rg/admin')).toBeGreaterThan(0);
  expect(at('Wait until shop is quiet')).toBeGreaterThan(at('Stop app'));
  expect(at('Set database shop READ_WRITE')).toBeGreaterThan(at('Wait until shop is quiet'));
});

/** Killed in `switch` after the other app was stopped and before the point was taken. */
function switchedApp() {
  return killed(rows.ready, 'switch', 'stop-app', ADMIN);
}

test('who names one more when the phase is run again has both started at the end', () => {
  const observed = {
    otherApps: [
      { key: KEY, site: { state: 'Stopped' }, named: true },
      { key: 'shop-rg/till', site: { state: 'Running' }, named: true },
    ],
    record: { stoppedApps: [KEY] },
  } as unknown as Observed;
  const { first, stops } = stopOtherApps(observed);
  expect(first).toMatchObject({ fields: { stoppedApps: [KEY, 'shop-rg/till'] } });
  expect(stops).toEqual([expect.objectContaining({ kind: 'stop-app', app: 'shop-rg/till' })]);
});
