import { expect, test } from '@jest/globals';
import type { World } from '../../simulator/model/world.ts';
import type { Ports } from '../../src/ports.ts';
import { begin, databases, type Trial } from './trial.ts';

const isCopy = ({ method, url }: { method: string; url: string }) =>
  method === 'PUT' && /\/databases\/[^/]+\?/.test(url);

/** Another deployment asks for its copies, `which` of them get through, and then its runner is gone. */
function rival(world: World, clock: Trial['clock'], which: RegExp): Promise<void> {
  let asked = 0;
  const never = () => new Promise<never>(() => undefined);
  return new Promise((gone, broken) => {
    const around = (ports: Ports): Ports => ({
      ...ports,
      async send(request) {
        if (!isCopy(request)) return asked < 2 ? ports.send(request) : never();
        const answer = which.test(request.url) ? await ports.send(request) : undefined;
        if (++asked === 2) gone();
        return answer ?? never();
      },
    });
    begin({}, { world, clock, runId: 'rival', around }).run('clone').catch(broken);
  });
}

/** Our run of `clone`, and the rival's requests in the very moment before our first copy is asked for. */
function overtaken(names: readonly string[], which: RegExp): Trial {
  let overtaking: Promise<void> | undefined;
  const ours: Trial = begin(
    { databases: [...names] },
    {
      around: (ports) => ({
        ...ports,
        async send(request) {
          if (isCopy(request)) {
            overtaking ??= rival(ours.world, ours.clock, which);
            await overtaking;
          }
          return ports.send(request);
        },
      }),
    },
  );
  return ours;
}

test('whose copy Azure refuses because a rival copies the same database withdraws, naming the rival', async () => {
  const ours = overtaken(['shop', 'stock'], /shop-zdd/);
  const { failure } = await ours.run('clone');
  expect(failure?.kind).toBe('refused');
  expect(failure?.happened).toMatch(/is open on shop, stock; ada began it in run org\/shop\/rival\/1/);
  const left = databases(ours).map(({ name }) => name);
  expect(left).toHaveLength(3);
  expect(left.filter((name) => name.includes('-zdd-')).map((name) => name.split('-')[0])).toEqual(['shop']);
});

test('a copy of nobody known is waited for', async () => {
  // The rival's claim would be on its copy of shop, which was never made.
  const ours = overtaken(['shop', 'stock'], /stock-zdd/);
  expect((await ours.run('clone')).failure).toBeUndefined();
  expect(ours.lines.join('\n')).toContain('another copy of it is under way');
});
