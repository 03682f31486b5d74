import { expect, test } from '@jest/globals';
import { takeViewAway } from '../../simulator/torture/blind.ts';
import { begin, production } from './trial.ts';

const LACKS = /lacks VIEW DATABASE STATE on database shop/;

test('read-only must not take a list of sessions for separation that shows only our own', async () => {
  const trial = begin();
  await trial.through('clone');
  takeViewAway(trial.world);
  const { failure } = await trial.run('read-only');
  expect(failure?.kind).toBe('refused');
  expect(failure?.happened).toMatch(/lacks VIEW DATABASE STATE on database shop-zdd-\S+, shop, so it cannot see who/);
});

test('switch must not move anybody when it cannot see who is connected', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only');
  takeViewAway(trial.world);
  const { failure } = await trial.run('switch');
  expect(failure?.happened).toMatch(LACKS);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('a candidate that turns ill sends visitors back to the copy, also when nobody can see who is connected', async () => {
  const ready = begin();
  await ready.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  const { world, clock } = ready;
  let isSwapped = false;
  const trial = begin(
    {},
    {
      world,
      clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          const isIll = isSwapped && request.url.startsWith('https://web.azurewebsites.net/');
          const answer = await ports.send(request, signal);
          if (request.method === 'PATCH' && String(request.body).includes('"zdd-settled-swaps":"2"')) {
            isSwapped = true;
            takeViewAway(world);
          }
          if (/slotsswap\?/.test(request.url)) isSwapped = false;
          return isIll ? { status: 500, headers: {}, body: new Uint8Array() } : answer;
        },
      }),
    },
  );
  const { failure } = await trial.run('complete');
  expect(failure?.happened).toMatch(
    /^The candidate became unhealthy during the soak .* visitors were sent back to the read-only copy/,
  );
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 503 });
});

test('complete must not call production cut off from its database when it only cannot see', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  takeViewAway(trial.world);
  const { failure } = await trial.run('complete');
  expect(failure?.happened).toMatch(LACKS);
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
});
