import { expect, test } from '@jest/globals';
import { applyProof } from '../../src/apply/proofs.ts';
import type { Companion } from '../../src/deployment/observed.ts';
import type { StepOf } from '../../src/steps/steps.ts';
import { observed, otherApp } from '../phases/observed.ts';
import { answer, refusal, stage } from './scene.ts';
import { sketch } from './sketch.ts';

const CHECK: StepOf<'check-sessions'> = { kind: 'check-sessions', slot: 'zdd-staging', because: 'visitors are on it' };
const TILL = 'rg/till';
const SECOND: Companion = { key: 'rg/second', does: 'build', look: { ...observed(), newBuild: null, liveImage: null } };

interface Others {
  /** Process ids on LAPTOP of which Azure says that they are of an app; null: it does not say. */
  readonly of: Readonly<Record<string, readonly number[] | null>>;
  /** Process ids on LAPTOP that come while production is asked for its pages. */
  readonly come: readonly number[];
}

/** Whether the app counts as seen in its original, beside the other apps on the same database. */
async function isSeen({ of, come }: Others) {
  const there = await stage();
  const asked: string[] = [];
  there.answering(({ url }) => {
    // The app itself asks no database for its pages.
    if (new URL(url).host === 'web.azurewebsites.net') return answer(200, {});
    const [, app = '', part] = /\/sites\/([^/]+)\/instances(\/one\/processes)?\?/.exec(url) ?? [];
    if (app === '') return undefined;
    asked.push(app);
    if (part === undefined) return answer(200, { value: [{ id: '/x/one', name: 'one' }] });
    const processes = of[app] ?? null;
    if (processes === null) return refusal(403, 'Denied');
    return answer(200, { value: processes.map((id) => ({ properties: { id, machineName: 'LAPTOP' } })) });
  });
  const apps = Object.keys(of);
  const scene = await there.seen({
    otherApps: apps.includes('till') ? [otherApp(TILL, 'Running')] : [],
    companions: apps.includes('second') ? [SECOND] : [],
  });
  const checking = applyProof(scene, CHECK);
  await there.clock.sleep(5000);
  const sessions = there.world.sql.sessions;
  for (const hostProcessId of come) {
    const id = there.stranger('shop');
    const session = sessions[id];
    if (session) sessions[id] = { ...session, hostProcessId };
  }
  return { isSeen: (await checking).unproven === undefined, asked: new Set(asked) };
}

test.each<[string, Others, boolean]>([
  ['all belong to an app that stops', { of: { till: [7] }, come: [7] }, false],
  ['all belong to an app that moves along', { of: { second: [7, 8] }, come: [7] }, false],
  ['each belongs to one of several other apps', { of: { till: [7], second: [8] }, come: [7, 8] }, false],
  ['one belongs to none of the other apps', { of: { till: [7] }, come: [7, 9] }, true],
  ['Azure does not tell what runs there', { of: { till: null }, come: [7] }, true],
  ['there are no other apps', { of: {}, come: [7] }, true],
])('who is at work in an original is the app, or one of the others: %s', async (_what, others, expected) => {
  const found = await isSeen(others);
  expect(found.isSeen).toBe(expected);
  expect(found.asked).toEqual(new Set(Object.keys(others.of)));
});

test('while nobody is at work, Azure is not asked whose it is', async () => {
  expect(await isSeen({ of: { till: [7] }, come: [] })).toEqual({ isSeen: false, asked: new Set() });
});

test('who is connected for an instant, right after an answer, is seen by a look after the requests', async () => {
  let answeredAt = Number.POSITIVE_INFINITY;
  const run = sketch({
    site(_url, second) {
      answeredAt = second;
      return 200;
    },
    inside: (_name, second) => (second > answeredAt && second < answeredAt + 0.01 ? [{}] : []),
  });
  expect((await applyProof(run.scene(), CHECK)).unproven).toBeUndefined();
});

test('the look that ends with the minute is the last', async () => {
  // Each takes 220 ms, so that the fiftieth ends just then.
  const run = sketch({ ports: { send: async () => run.clock.sleep(215).then(() => OK) } });
  const { unproven } = await applyProof(run.scene(), CHECK);
  expect(unproven).toHaveLength(1);
  // The right to see, and who is there before, take 15 ms.
  expect(run.clock.now()).toBe(60_015);
});

const OK = { status: 200, headers: {}, body: new Uint8Array() };
