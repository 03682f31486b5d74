import { expect, test } from '@jest/globals';
import { type Build, buildFiles } from '../../simulator/model/app/build.ts';
import { addContent } from '../../simulator/model/web/content.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { begin, databaseLines, production, type Trial } from './trial.ts';

const ILL: Build = { name: 'shop', version: '1', healthy: false };

test('a read-only copy that turns ill while the originals get quiet sends visitors back to the live build', async () => {
  const trial = await readyToTurnIll();
  const { failure, result } = await trial.run('switch');
  expect(failure?.happened).toBe(
    'The read-only copy did not stay healthy after the swap (GET /health answered 500), so visitors were sent back to the live build.',
  );
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1', 'shop-zdd-<id> READ_ONLY schema 1']);
  expect(result?.rollbackPoint).toBeUndefined();
});

test('answers that are tolerated must not be the last that was seen of the copy before the live build is given up', async () => {
  const trial = await readyToTurnIll();
  const { failure, result } = await trial.run('switch', { 'max-errors': '60' });
  expect(failure?.happened).toContain('visitors were sent back to the live build');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  expect(result?.rollbackPoint).toBeUndefined();
});

test('when the live build does not come back either, it is said that visitors are on the unhealthy copy', async () => {
  const trial = await readyToTurnIll('the live build too');
  const { failure } = await trial.run('switch');
  expect(failure?.happened).toMatch(
    /^The read-only copy does not stay healthy .* the live build is not healthy either: /,
  );
  expect(failure?.next).toMatch(
    /^Nothing was swapped; visitors are on the unhealthy read-only copy\..* run "switch" again/,
  );
});

test('when a rollback has made the live build the candidate, visitors come to it by complete only', async () => {
  const trial = begin();
  // What visitors write to the copy would be lost: they do not simply return.
  const inputs = { mode: 'read-write', 'accept-data-loss': 'true' };
  await trial.through(['clone', inputs], ['read-only', inputs], ['switch', inputs], ['rollback', inputs]);
  turnUnhealthy(trial);
  const { failure } = await trial.run('switch', inputs);
  expect(failure?.happened).toMatch(/does not stay healthy .*"rollback" has made the live build the candidate/);
  await trial.through('validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

/** Everything up to `switch`, in which the read-only copy breaks as soon as the live build is stopped. */
async function readyToTurnIll(also?: 'the live build too'): Promise<Trial> {
  const before = begin();
  await before.through('clone', 'read-only');
  const { world, clock } = before;
  let isIll = false;
  return begin(
    {},
    {
      world,
      clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          if (/zdd-readonly\/stop\?/.test(request.url)) {
            isIll = true;
            turnUnhealthy(before);
          }
          const isLive = request.url.startsWith('https://web-zdd-readonly.azurewebsites.net/');
          if (also && isIll && isLive) return { status: 500, headers: {}, body: new Uint8Array() };
          return ports.send(request, signal);
        },
      }),
    },
  );
}

/** What visitors are served breaks where it is. */
function turnUnhealthy({ world, clock }: Trial): void {
  const { occupant } = slotOf(world, 'web', 'production');
  const inside = Object.entries(buildFiles(ILL)).map(([path, bytes]) => [`site/wwwroot/${path}`, bytes]);
  occupant.contentId = addContent(world, Object.fromEntries(inside), [], clock.now());
  if (occupant.instance) occupant.instance = { ...occupant.instance, contentId: occupant.contentId };
}
