import { expect, test } from '@jest/globals';
import type { Ports } from '../../src/ports.ts';
import { begin, production } from './trial.ts';

const SOAK_SECONDS = 300;

/** What is said and sent, with the instants. */
function timed() {
  const said: { at: number; sentence: string }[] = [];
  const sent: { at: number; what: string }[] = [];
  const around = (ports: Ports): Ports => ({
    ...ports,
    log: {
      ...ports.log,
      info(sentence) {
        said.push({ at: ports.clock.now(), sentence });
        ports.log.info(sentence);
      },
    },
    send(request, signal) {
      sent.push({ at: ports.clock.now(), what: `${request.method} ${new URL(request.url).pathname}` });
      return ports.send(request, signal);
    },
  });
  return { said, sent, around };
}

test('the soak counts from the route change, not from the end of what is found out after it', async () => {
  const { said, around } = timed();
  const trial = begin({}, { around });
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete');
  const moved = trial.world.web.sites.web?.slots.production?.slotSwapStatus?.timestampUtc ?? 0;
  const watch = said.find(({ sentence }) => /^Watch production for \d+ s, because a late restart/.test(sentence));
  const seconds = Number(/\d+/.exec(watch?.sentence ?? '')?.[0]);
  const before = ((watch?.at ?? 0) - moved) / 1000;
  expect(before).toBeGreaterThan(3);
  expect(Math.abs(before + seconds - SOAK_SECONDS)).toBeLessThan(2);
  expect(production(trial)).toMatchObject({ version: '2', writes: 201 });
});

test('cleanup deletes clones beside one another and beside the emptying of slots; the one with the record goes last', async () => {
  const { sent, around } = timed();
  const trial = begin({ databases: ['archive', 'shop', 'users'] }, { around });
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup');
  const drops = sent.filter(({ what }) => /^DELETE .*\/databases\//.test(what));
  const uploads = sent.filter(
    ({ at, what }) => /^POST .*\/api\/publish/.test(what) && at >= (drops[0]?.at ?? 0) - 1000,
  );
  const names = drops.map(({ what }) => what.replace(/^.*\/databases\/([a-z]+)-zdd-.*$/, '$1'));
  expect(names.toSorted()).toEqual(['archive', 'shop', 'users']);
  expect(names.at(-1)).toBe('archive');
  expect(drops[0]?.at).toBe(drops[1]?.at);
  expect(uploads).toHaveLength(2);
  // Each takes Azure many seconds; what had to wait for another one would begin that much later.
  for (const { at } of uploads) expect(Math.abs(at - (drops[0]?.at ?? 0))).toBeLessThan(1000);
  expect((drops[2]?.at ?? 0) - (drops[0]?.at ?? 0)).toBeGreaterThan(5000);
});
