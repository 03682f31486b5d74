import { expect, test } from '@jest/globals';
import { begin } from './trial.ts';

test('when both slots are refused for reasons of their own, both reasons must be told', async () => {
  const cloned = begin();
  await cloned.through('clone');
  const trial = begin(
    {},
    {
      world: cloned.world,
      clock: cloned.clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          const slot = request.method === 'PUT' ? /slots\/(zdd-[a-z]+)\?/.exec(request.url)?.[1] : undefined;
          if (slot === undefined) return ports.send(request, signal);
          const error = { code: `Refused-${slot}`, message: `The policy for ${slot} says no.` };
          return {
            status: 403,
            headers: { 'content-type': 'application/json' },
            body: new TextEncoder().encode(JSON.stringify({ error })),
          };
        },
      }),
    },
  );
  const { failure, result } = await trial.run('read-only');
  // What was sent may have been carried out.
  expect(result?.changed).toBe(true);
  const told = [failure?.happened, ...trial.lines].join('\n');
  expect(failure?.happened).toContain('zdd-readonly');
  expect(told).toContain('The policy for zdd-readonly says no.');
  expect(told).toContain('The policy for zdd-staging says no.');
});
