import { expect, test } from '@jest/globals';
import { addSite } from '../simulator/model/web/create.ts';
import type { Context } from '../src/context/context.ts';
import type { Productions } from '../src/context/visitor-paths.ts';
import type { Look } from '../src/deployment/partial-look.ts';
import type { DeploymentRecord } from '../src/deployment/record.ts';
import { recordTags } from '../src/deployment/record-tags.ts';
import { freshRun, type ThisRun } from '../src/deployment/this-run.ts';
import { type AzureSaid, Stop } from '../src/errors.ts';
import type { Phase } from '../src/phases/phase.ts';
import { SqlError } from '../src/ports.ts';
import { type Handed, type PhaseRun, runPhase } from '../src/run-phase.ts';
import type { Plan, Step } from '../src/steps/steps.ts';
import { refusal, type Stage, stage } from './apply/scene.ts';
import { recordOf } from './apply/sketch.ts';
import { CLONE, database, ID } from './phases/observed.ts';

const SAID: AzureSaid = { code: 'X', message: 'x', requestId: '', status: 500 };
const SLOT = 'zdd-staging';

/** A phase that plans what it is told to, by what it sees. */
function phase(plan: (look: Look, round: number) => Plan, traits: Partial<Phase> = {}): Phase {
  let round = 0;
  return {
    ...{ name: 'read-only', meaning: 'is tried.', place: 'alone', changes: true, looksInside: [], needs: [], does: [] },
    ...traits,
    plan: (_settings, look) => plan(look, ++round),
  };
}

function tag(value: string): Step {
  return { kind: 'tag-slot', slot: SLOT, tags: { value }, because: `it is tried with ${value}` };
}

const LOOKS: Step = { kind: 'ask-production', because: 'it is tried' };
const PROVE: Step = { kind: 'prove-instance', slot: SLOT, as: 'started', because: 'it is tried' };

/** Tags the slot until it is seen to bear the tag. */
const untilTagged = () => phase((look) => (isTagged(look) ? [] : [[tag('a')]]));
const isTagged = (look: Look) => look.stagingSlot?.tags.value !== undefined;

interface There extends Stage {
  readonly context: Context;
  /** All that Azure was asked, looks too. */
  readonly asked: () => number;
}

async function there(
  inputs: Readonly<Record<string, string>> = {},
  record?: Partial<DeploymentRecord>,
): Promise<There> {
  const found = await stage(record ? { 'deployment-id': ID, ...inputs } : inputs);
  found.slot(SLOT);
  if (record) found.add(CLONE, { tags: recordTags(recordOf({ app: 'rg/web', ...record })) });
  let asked = 0;
  found.answering(() => {
    asked++;
    return undefined;
  });
  const { context } = found.scene();
  return { ...found, context: { ...context, settings: { ...context.settings, ...HERE } }, asked: () => asked };
}

const HERE = { appName: 'web', resourceGroup: 'rg' } as const;

/** A run ends with nobody looking at production any more. */
async function run(context: Context, of: Phase, before?: Handed): Promise<PhaseRun> {
  return runPhase(context, of, before).finally(() => context.eyes.close());
}

test('what is kept already is left alone, and its look handed on', async () => {
  const { context, sent, clock } = await there();
  const came = await run(
    context,
    phase(() => []),
  );
  expect(came).toMatchObject({ outcome: 'already', changed: false, steps: [], looks: { isStale: false } });
  expect(came).toMatchObject({ handed: { at: clock.now(), look: { thisRun: freshRun } } });
  expect(sent).toEqual([]);
});

test('it looks, carries out and looks again, until nothing is missing', async () => {
  const { context, sent } = await there();
  const came = await run(context, untilTagged());
  expect(came).toMatchObject({ outcome: 'done', changed: true, looks: { isStale: false } });
  expect(came.steps).toHaveLength(1);
  expect(sent).toEqual(['PATCH tags/default']);
  expect([came.looks?.first, came.looks?.last].map((look) => look && isTagged(look))).toEqual([false, true]);
});

test('what only looks changes nothing, and is told all the same', async () => {
  const { context } = await there();
  const came = await run(
    context,
    phase((_look, round) => (round === 1 ? [[LOOKS]] : [])),
  );
  expect(came).toMatchObject({ outcome: 'already', changed: false });
  expect(came.steps).toHaveLength(1);
});

test('of a step that failed is said that it may have changed something, and what is so after it', async () => {
  const here = await there();
  const { context } = here;
  here.answering(({ method }) => (method === 'PATCH' ? refusal(403, 'Denied') : undefined));
  const came = await run(context, untilTagged());
  expect(came).toMatchObject({ outcome: 'failed', changed: true, steps: [], looks: { isStale: false } });
  expect(came.looks?.first).toBeDefined();
  expect(came.looks?.first).not.toBe(came.looks?.last);
  expect(came.outcome === 'failed' && came.error).toMatchObject({ message: expect.stringContaining('Denied') });
});

test('where nobody can look again after it, what was seen before it is told as that', async () => {
  const here = await there();
  let isDown = false;
  here.answering(({ method }) => {
    isDown ||= method === 'PATCH';
    return isDown ? refusal(403, 'Denied') : undefined;
  });
  const came = await run(here.context, untilTagged());
  expect(came).toMatchObject({ outcome: 'failed', looks: { isStale: true } });
  expect(came.looks?.first).toBe(came.looks?.last);
});

test('a run that is cancelled in a step asks Azure nothing more', async () => {
  const here = await there();
  let later = 0;
  here.answering(({ method }) => {
    if (here.cancelled.signal.aborted) later++;
    if (method === 'PATCH') here.cancelled.abort(new Error('the run was cancelled'));
    return method === 'PATCH' ? refusal(403, 'Denied') : undefined;
  });
  const came = await run(here.context, untilTagged());
  expect(came).toMatchObject({ outcome: 'failed', changed: true, looks: { isStale: true } });
  expect(later).toBe(0);
});

test('a run that was cancelled before it began neither looks nor does anything', async () => {
  const { context, cancelled, asked } = await there();
  cancelled.abort(new Error('the run was cancelled'));
  expect(await run(context, untilTagged())).toMatchObject({ outcome: 'failed', changed: false, looks: undefined });
  expect(asked()).toBe(0);
});

test('what does not last is done ten times, each time after a longer pause, and then named', async () => {
  const { context, sent, clock } = await there();
  const startedAt = clock.now();
  const came = await run(
    context,
    phase(() => [[tag('a')]]),
  );
  expect(came.outcome === 'failed' && came.error).toMatchObject({
    kind: 'drifted',
    happened: expect.stringMatching(/has done this 10 times, and it does not last: .*zdd-staging/),
  });
  expect(sent).toHaveLength(10);
  // Twice it is done at once, then after 2, 4, 8 … s, and no longer than a minute.
  const paused = (clock.now() - startedAt) / 1000;
  expect(paused).toBeGreaterThanOrEqual(2 + 4 + 8 + 16 + 32 + 3 * 60);
  expect(paused).toBeLessThan(2 + 4 + 8 + 16 + 32 + 3 * 60 + 45);
});

test('a phase that always finds something else to do ends after forty looks', async () => {
  const { context, sent } = await there();
  const came = await run(
    context,
    phase((_look, round) => [[tag(`${round}`)]]),
  );
  expect(came.outcome === 'failed' && came.error).toMatchObject({
    kind: 'drifted',
    happened: 'Phase read-only looked 40 times and still finds something to do.',
  });
  expect(sent).toHaveLength(40);
});

test('a dry run sends nothing, takes no lease, and says what would be done', async () => {
  const { context, sent, lease, infos } = await there({}, {});
  const dry = { ...context, settings: { ...context.settings, dryRun: true } };
  const came = await run(
    dry,
    phase(() => [[tag('a')], [LOOKS]]),
  );
  expect(came).toMatchObject({ outcome: 'planned', changed: false, handed: undefined, looks: { isStale: false } });
  expect(came.steps).toHaveLength(2);
  expect(came.calls.some(({ call }) => call.includes(SLOT))).toBe(true);
  const announced = () => infos.filter((line) => line.startsWith('What it sends, beside looks: ')).length;
  expect(announced()).toBe(1);
  await run(
    dry,
    phase(() => []),
  );
  expect(announced()).toBe(1);
  expect([sent, lease.heldIn()]).toEqual([[], undefined]);
});

test.each<[string, Partial<Phase>, number, boolean]>([
  ['the same', {}, 0, true],
  ['the same, just not too old', {}, 999, true],
  ['the same, too old: a hook may have run between', {}, 1000, false],
  ['one that looks into more databases', { looksInside: ['clones'] }, 0, false],
  ['one that looks at the build as well', { looksAtBuild: true }, 0, false],
  ['one that asks for rules as well', { looksForRules: 'own' }, 0, false],
  ['one that asks for secrets as well', { readsSecrets: true }, 0, false],
  ['one that reads all databases again', { rereads: true }, 0, false],
  ['one that asks for the slots of the app as well', { listsSlots: true }, 0, false],
  ['one that looks at whatever is open', { overview: true }, 0, false],
])('the next phase goes on with the last look: %s', async (_what, traits, ms, goesOn) => {
  const { context, clock, asked } = await there();
  const before = await run(
    context,
    phase(() => []),
  );
  if (before.outcome === 'failed' || !before.handed) throw new Error('It hands its look on.');
  await clock.sleep(ms);
  const looks: Look[] = [];
  const once = asked();
  const next = phase((look, round) => {
    looks.push(look);
    return round === 1 ? [[tag('a')]] : [];
  }, traits);
  await run(context, next, { ...before.handed, at: clock.now() - ms });
  expect(looks[0] === before.handed.look).toBe(goesOn);
  // Once only: after a step it looks itself.
  expect(looks[1] === before.handed.look).toBe(false);
  expect(asked()).toBeGreaterThan(once);
});

test('who looks into less goes on with a look that shows more', async () => {
  const { context } = await there();
  const before = await run(
    context,
    phase(() => [], { looksForRules: 'own' }),
  );
  if (before.outcome === 'failed' || !before.handed) throw new Error('It hands its look on.');
  const came = await run(
    context,
    phase(() => []),
    before.handed,
  );
  expect(came.looks?.last).toBe(before.handed.look);
});

test.each<[string, Partial<Phase>, Partial<DeploymentRecord> | undefined, boolean]>([
  ['that changes something', {}, {}, true],
  ['that only looks', { changes: false }, {}, false],
  ['under a claim', { claims: true }, {}, false],
  ['without a record', {}, undefined, false],
])(
  'the lease is taken before a phase changes anything, and it looks again: %s',
  async (_what, traits, record, takes) => {
    const { context, lease } = await there({}, record);
    const held: (string | undefined)[] = [];
    const came = await run(
      context,
      phase((look) => {
        held.push(lease.heldIn());
        return isTagged(look) ? [] : [[tag('a')]];
      }, traits),
    );
    expect(came.outcome).toBe('done');
    expect(held).toEqual(takes ? [undefined, CLONE, CLONE] : [undefined, undefined]);
  },
);

test.each([
  ['Online', CLONE],
  ['Scaling', CLONE],
  ['Restoring', 'shop'],
  ['Suspect', 'shop'],
] as const)('nobody can log in to a clone that is %s: the lease is held in %s', async (status, where) => {
  const { context, lease, world } = await there({}, {});
  const [server] = Object.values(world.sql.servers);
  const clone = Object.values(server?.databases ?? {}).find(({ name }) => name === CLONE);
  if (clone) Object.assign(clone, { status });
  const taken: string[] = [];
  const spied = { ...lease, take: async (id: string, database: string) => void taken.push(`${id} ${database}`) };
  await run(
    { ...context, lease: { ...spied, heldIn: () => (taken.length > 0 ? 'there' : undefined), prove: async () => {} } },
    untilTagged(),
  );
  expect(taken).toEqual([`${ID} ${where}`]);
});

test.each<[string, Step, boolean]>([
  ['changes something', tag('a'), false],
  ['only looks', LOOKS, true],
])('a run that has lost the lease does nothing that %s', async (_what, step, isDone) => {
  const { context, sent } = await there();
  const lease = { ...context.lease, prove: () => Promise.reject(new Error('the lease is lost')) };
  const came = await run(
    { ...context, lease },
    phase((_look, round) => (round === 1 ? [[step]] : [])),
  );
  expect(came.outcome).toBe(isDone ? 'already' : 'failed');
  expect(came.changed).toBe(false);
  expect(sent).toEqual([]);
});

test('a batch that also looks has changed something, and is not begun without the lease', async () => {
  const batch = [LOOKS, tag('a')];
  const once = () => phase((_look, round) => (round === 1 ? [batch] : []));
  const { context } = await there();
  expect(await run(context, once())).toMatchObject({ outcome: 'done', changed: true });
  const lease = { ...context.lease, prove: () => Promise.reject(new Error('the lease is lost')) };
  expect(await run({ ...context, lease }, once())).toMatchObject({ outcome: 'failed', changed: false });
});

test('what comes of a phase tells which it was, what was checked and reviewed in it, and of what was done no calls', async () => {
  const { context } = await there();
  const of = phase((_look, round) => (round === 1 ? [[LOOKS]] : []));
  const before = await run(
    context,
    phase(() => []),
  );
  if (before.outcome === 'failed' || !before.handed) throw new Error('It hands its look on.');
  const known = { ...freshRun, report: [], review: { changes: [] } as unknown as NonNullable<ThisRun['review']> };
  const came = await run(context, of, { ...before.handed, look: { ...before.handed.look, thisRun: known } });
  expect(came).toMatchObject({ phase: of, calls: [], checks: known.report, review: known.review });
  // The next phase begins with nothing but the look.
  expect(came.outcome !== 'failed' && came.handed?.look.thisRun).toEqual(freshRun);
});

test('the next phase plans with the settings of the look that it goes on with', async () => {
  const { context } = await there();
  const before = await run(
    context,
    phase(() => []),
  );
  if (before.outcome === 'failed' || !before.handed) throw new Error('It hands its look on.');
  const seen: unknown[] = [];
  const next: Phase = {
    ...phase(() => []),
    plan(settings) {
      seen.push(settings.appName);
      return [];
    },
  };
  await run(context, next, before.handed);
  expect(seen).toEqual(['web']);
});

test.each([
  [true, ['web.azurewebsites.net']],
  [false, []],
])('production is watched from the first step on where visitors are moved: %s', async (watches, hosts) => {
  const { context } = await there();
  const opened: string[] = [];
  const eyes = { ...context.eyes, open: ({ production }: Productions) => void opened.push(production.host) };
  await run(
    { ...context, eyes },
    phase((look) => (isTagged(look) ? [] : [[tag('a')]]), watches ? { watches } : {}),
  );
  expect(opened).toEqual(hosts);
});

test('what was read of databases while another run may have been at work is not used under the lease', async () => {
  const { context } = await there({}, {});
  const before = database('gone');
  context.known.databases.set('id-of-gone', { listed: before, read: before });
  await run(context, untilTagged());
  expect(context.known.databases.has('id-of-gone')).toBe(false);
  context.known.databases.set('id-of-gone', { listed: before, read: before });
  await run(
    context,
    phase(() => []),
  );
  expect(context.known.databases.has('id-of-gone')).toBe(true);
});

test('the same twice is done at once; after a pause the lease is proven anew, and lost in it nothing more is done', async () => {
  const here = await there();
  const { context, clock } = here;
  const at: number[] = [];
  here.answering(({ method }) => {
    if (method === 'PATCH') at.push(clock.now());
    return undefined;
  });
  let isLost = false;
  const paused = {
    ...clock,
    now: () => clock.now(),
    async sleep(ms: number, signal?: AbortSignal) {
      if (ms === 2000) isLost = true;
      return clock.sleep(ms, signal);
    },
  };
  const lease = {
    ...context.lease,
    prove: () => (isLost ? Promise.reject(new Error('the lease is lost')) : Promise.resolve()),
  };
  const came = await run(
    { ...context, ports: { ...context.ports, clock: paused }, lease },
    phase(() => [[tag('a')]]),
  );
  expect(came.outcome === 'failed' && came.error).toMatchObject({ message: 'the lease is lost' });
  expect(at).toHaveLength(2);
  // No second for a pause between them.
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeLessThan(1000);
});

test('the lease is asked for once a round, with the look, and once more after a pause', async () => {
  const { context } = await there();
  let proven = 0;
  const lease = { ...context.lease, prove: async () => void proven++ };
  await run(
    { ...context, lease },
    phase((_look, round) => (round > 3 ? [] : [[tag('a')]])),
  );
  expect(proven).toBe(4 + 1);
});

test.each<[string, readonly Step[], boolean]>([
  ['is proven', [PROVE], false],
  ['is proven beside something else', [LOOKS, PROVE], false],
  ['is not proven yet', [LOOKS], true],
])(
  'what an instance has answered is forgotten as soon as something else is done before it %s',
  async (_what, batch, is) => {
    const { context } = await there();
    let forgotten = 0;
    const early = { ...context.early, forget: async () => void forgotten++ };
    await run(
      { ...context, early },
      phase((_look, round) => (round === 1 ? [batch] : [])),
    );
    expect(forgotten > 0).toBe(is);
  },
);

test('after a request that nobody answered Azure is not asked what is so now, and the log has where it broke', async () => {
  const here = await there();
  here.answering(({ method }) => {
    if (method === 'PATCH') throw new Error('socket hang up');
    return undefined;
  });
  const traced: string[] = [];
  const log = { ...here.context.ports.log, debug: (text: string) => void traced.push(text) };
  const came = await run({ ...here.context, ports: { ...here.context.ports, log } }, untilTagged());
  expect(came).toMatchObject({ outcome: 'failed', changed: true, looks: { isStale: true } });
  expect(traced.join('\n')).toContain('socket hang up');
});

test('where nobody can log in to any database the phase goes on without the lease, and does not begin again for ever', async () => {
  const { context, lease, world, sent } = await there({}, {});
  const [server] = Object.values(world.sql.servers);
  for (const [id, found] of Object.entries(server?.databases ?? {})) {
    if (found.name === CLONE) Object.assign(found, { status: 'Suspect' });
    if (found.name === 'shop') delete server?.databases[id];
  }
  const came = await run(context, untilTagged());
  expect([came.outcome, lease.heldIn(), sent]).toEqual(['done', undefined, ['PATCH tags/default']]);
});

test('a phase that moves several apps looks forty times for each', async () => {
  const { context, world, clock, sent } = await there({ 'other-apps': 'rg/till=read-only' });
  addSite(world, { name: 'till', resourceGroup: 'rg', plan: 'plan' }, clock.now());
  const came = await run(
    context,
    phase((_look, round) => [[tag(`${round}`)]]),
  );
  expect(came.outcome === 'failed' && came.error).toMatchObject({
    happened: expect.stringContaining('looked 80 times'),
  });
  expect(sent).toHaveLength(80);
});

const LOST = new SqlError(596, 'Cannot continue the execution because the session is in the kill state.');
const passing = new Stop('failed', 'It cannot be told now.', 'Run it again.', { passes: true });

/** A phase that goes wrong in this way so often, and then has nothing to do. */
function failing(error: unknown, times: number, seen: ThisRun[] = []): Phase {
  return phase((look, round) => {
    seen.push(look.thisRun);
    if (round <= times) throw error;
    return [];
  });
}

test.each<[string, unknown]>([
  ['a connection that was ended', LOST],
  ['what says that it passes', passing],
  ['what such a loss led to', new Stop('failed', 'The lease is lost.', 'Run it again.', { cause: LOST })],
  [
    'and that in turn',
    new Stop('failed', 'No move.', 'Run it.', { cause: new Stop('failed', 'x', 'y', { cause: LOST }) }),
  ],
])('%s is outlasted, with longer and longer pauses', async (_what, error) => {
  const { context, clock, warnings } = await there();
  const before = clock.now();
  expect(await run(context, failing(error, 3))).toMatchObject({ outcome: 'already' });
  expect(clock.now() - before).toBeGreaterThanOrEqual(5000 + 10_000 + 20_000);
  expect(clock.now() - before).toBeLessThan(40_000);
  expect(warnings.filter((line) => line.includes('passes as a rule'))).toHaveLength(3);
});

test('what lasts is no weather', async () => {
  const { context } = await there();
  expect(await run(context, failing(LOST, 4))).toMatchObject({ outcome: 'failed', error: LOST });
});

const ANSWERED = new Stop('failed', 'No.', 'Ask.', { cause: LOST, azure: SAID });

test.each<[string, unknown]>([
  ['a refusal', new SqlError(229, 'The permission was denied.')],
  ['what Azure has answered', ANSWERED],
  ['what that has led to', new Stop('failed', 'No move.', 'Run it.', { cause: ANSWERED })],
  ['what a refusal has led to', new Stop('failed', 'No.', 'Ask.', { cause: new SqlError(229, 'Denied.') })],
  ['anything else', new Error('A defect.')],
])('%s is not outlasted, not even once', async (_what, error) => {
  const { context, clock, warnings } = await there();
  const before = clock.now();
  expect(await run(context, failing(error, 1))).toMatchObject({ outcome: 'failed', error });
  expect(clock.now() - before).toBeLessThan(5000);
  expect(warnings.join()).not.toContain('passes as a rule');
});

test('after a loss nothing counts that the run knew before but its time, and the lease is taken again', async () => {
  const { context } = await there({}, { lock: 'held' });
  const seen: ThisRun[] = [];
  const plans = phase((look, round) => {
    seen.push(look.thisRun);
    // Its lease is there from the second look on.
    if (round <= 2) return [[tag('a')]];
    if (round > 3) return [];
    expect(context.lease.heldIn()).toBe(CLONE);
    throw LOST;
  });
  expect(await run(context, plans)).toMatchObject({ outcome: 'done', changed: true });
  const { since, ...known } = seen.at(-1) ?? freshRun;
  expect(since).toBe(seen[0]?.since);
  expect(known).toEqual(freshRun);
  expect(context.lease.heldIn()).toBeUndefined();
});
