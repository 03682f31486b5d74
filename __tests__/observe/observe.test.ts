import { describe, expect, test } from '@jest/globals';
import { addDatabase } from '../../simulator/model/sql/create.ts';
import type { Context } from '../../src/context/context.ts';
import { cloneTags } from '../../src/deployment/clone-tags.ts';
import { windowTags } from '../../src/deployment/journal.ts';
import { isPartial, wholeOrStop } from '../../src/deployment/partial-look.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { recordTags } from '../../src/deployment/record-tags.ts';
import { freshRun, type ThisRun } from '../../src/deployment/this-run.ts';
import { observe } from '../../src/observe/observe.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { refusal, type Stage, stage } from '../apply/scene.ts';
import { recordOf } from '../apply/sketch.ts';
import { CLONE, ID, NOW } from '../phases/observed.ts';

interface Asked {
  readonly phase?: PhaseName;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The record of the open deployment; null: none is open. */
  readonly record?: Partial<DeploymentRecord> | null;
  /** Slots by name, each with its marker. */
  readonly markers?: Readonly<Record<string, string>>;
  readonly change?: (there: Stage) => void;
  readonly refused?: RegExp;
  readonly thisRun?: ThisRun;
  /** Until Azure has answered once there is none. */
  readonly azureTime?: (() => number | undefined) | undefined;
}

const AZURE_TIME = Date.parse('2026-01-31T14:00:00Z');

async function looked({
  phase = 'switch',
  inputs = {},
  record = null,
  markers = {},
  thisRun = freshRun,
  ...more
}: Asked) {
  const there = await stage({ 'sql-server': 'sql', ...inputs });
  const production = there.slot('production');
  production.occupant.connectionStrings = {
    Shop: { value: 'Server=sql.database.windows.net;Database=shop;User ID=a;Password=b', type: 'SQLAzure' },
  };
  for (const [name, marker] of Object.entries(markers)) there.slot(name).occupant.settings = { ZDD_INSTANCE: marker };
  if (record) {
    const own = cloneTags({ deploymentId: ID, source: 'shop', sourceId: 'x', requestedAt: NOW });
    const [server] = Object.values(there.world.sql.servers);
    if (server === undefined) throw new Error('There is a server.');
    const tags = { ...own, ...recordTags(recordOf({ app: 'rg/web', ...record })) };
    addDatabase(there.world, server, { name: CLONE, tags }, there.clock.now());
  }
  more.change?.(there);
  const { context: plain } = there.scene();
  const startedAt = there.clock.now();
  const atOnce: string[] = [];
  there.answering(({ url }) => {
    if (there.clock.now() === startedAt) atOnce.push(new URL(url).pathname);
    return more.refused?.test(url) ? refusal(403, 'Denied') : undefined;
  });
  const health: string[] = [];
  const github = { ...plain.settings.github, repository: 'contoso/shop', runId: '7001' };
  const context: Context = {
    ...plain,
    settings: { ...plain.settings, github },
    arm: { ...plain.arm, azureTime: more.azureTime ?? (() => AZURE_TIME) },
    early: { ...plain.early, begin: ({ markerText }) => void health.push(markerText) },
  };
  const { look, settings } = await observe(context, traitsOf[phase], thisRun);
  return { there, look, settings, health, atOnce, context, whole: () => wholeOrStop(look) };
}

test('a whole look has the app, its databases, the run and the time of Azure', async () => {
  const thisRun = { ...freshRun, begun: 3 };
  const { look, settings, context } = await looked({ thisRun });
  expect(look).toMatchObject({
    now: '2026-01-31T14:00:00.000Z',
    run: 'contoso/shop/7001/1',
    thisRun,
    app: { name: 'web' },
    production: { name: 'production', release: expect.stringMatching(/^[0-9a-f]{12}$/) },
    readonlySlot: null,
    databases: [{ name: 'shop' }],
    sql: { shop: { readOnly: false } },
    record: null,
    slotNames: undefined,
  });
  expect([isPartial(look), settings]).toEqual([false, context.settings]);
});

test('the runner’s clock tells the time where Azure has told none, and the record completes the inputs', async () => {
  const { look, there } = await looked({ phase: 'status', azureTime: () => undefined });
  expect(Date.parse(look.now)).toBe(there.clock.now());
  const { settings } = await looked({
    phase: 'status',
    record: { readonlySlot: 'blue' },
    inputs: { 'deployment-id': ID },
  });
  expect(settings.readonlySlot).toBe('blue');
});

test('whoever compares slots is told which there are, and nobody else asks', async () => {
  const change = (there: Stage) => void there.slot('next');
  expect((await looked({ phase: 'clone', change })).look).toMatchObject({ slotNames: ['next'] });
  expect((await looked({ phase: 'switch', change })).look).toMatchObject({ slotNames: undefined });
});

test('beside the slots the server is asked for at once: visitors may wait for the look', async () => {
  const { atOnce } = await looked({});
  expect(atOnce.some((path) => /\/Microsoft\.Sql\/servers$/.test(path))).toBe(true);
});

describe('how the live build shows itself is asked', () => {
  const release = async (asked: Asked) => (await looked(asked)).whole().production.release;
  const inputs = { 'deployment-id': ID };

  test('of production as long as it is the live build, by whoever copies it', async () => {
    expect(await release({ inputs, record: {} })).toBeDefined();
    expect(await release({ inputs, record: {}, markers: { production: '20260130-aaaaa/new/1' } })).toBeDefined();
    expect(await release({ phase: 'validate', inputs, record: {} })).toBeUndefined();
  });

  test('not of the read-only copy, but of one that an earlier deployment left', async () => {
    expect(await release({ inputs, record: {}, markers: { production: `${ID}/read-only/0` } })).toBeUndefined();
    expect(await release({ inputs, record: {}, markers: { production: '20260130-aaaaa/read-only/0' } })).toBeDefined();
  });

  test('not while a swap is under way, in which nobody knows whose SCM answers', async () => {
    const intent = {
      number: 1,
      purpose: 'switch',
      source: 'zdd-readonly',
      sourceMarker: `${ID}/read-only/0`,
      productionMarker: '',
      swapStatusBefore: '',
      at: NOW,
    } as const;
    expect(await release({ inputs, record: { intent, swaps: 1 } })).toBeUndefined();
  });
});

describe('the candidate is asked for its health from the first look on', () => {
  const serving = {
    phase: 'complete',
    inputs: { 'deployment-id': ID },
    record: {},
    markers: { production: `${ID}/read-only/0`, 'zdd-staging': `${ID}/new/1` },
  } as const;

  test('where visitors are about to be sent to it', async () => {
    expect((await looked(serving)).health).toEqual([`${ID}/new/1`]);
  });

  test.each<[string, Asked]>([
    ['the phase sends nobody', { ...serving, phase: 'validate' }],
    ['nothing is to be done', { ...serving, inputs: { ...serving.inputs, 'dry-run': 'true' } }],
    ['this run has begun', { ...serving, thisRun: { ...freshRun } }],
    ['production is no copy', { ...serving, markers: { ...serving.markers, production: `${ID}/new/1` } }],
    [
      'it is of another deployment',
      { ...serving, markers: { ...serving.markers, 'zdd-staging': '20260130-aaaaa/new/1' } },
    ],
    ['it is a copy', { ...serving, markers: { ...serving.markers, 'zdd-staging': `${ID}/read-only/0` } }],
    [
      'it is stopped',
      { ...serving, change: (there) => void Object.assign(there.slot('zdd-staging'), { state: 'Stopped' }) },
    ],
  ])('not where %s', async (_what, asked) => {
    expect((await looked(asked)).health).toEqual([]);
  });
});

describe('where a part cannot be seen', () => {
  test('whoever changes something stops', async () => {
    await expect(looked({ refused: /appsettings\/list/ })).rejects.toThrow('Denied');
    await expect(looked({ refused: /\/databases\?/ })).rejects.toThrow('Denied');
  });

  test('who only looks sees the rest, and each part that is missing', async () => {
    const markers = { 'zdd-readonly': `${ID}/live/0` };
    const { look } = await looked({ phase: 'status', refused: /appsettings\/list|slotConfigNames/, markers });
    expect(look).toMatchObject({
      now: '2026-01-31T14:00:00.000Z',
      run: 'contoso/shop/7001/1',
      production: { name: 'production' },
      readonlySlot: { name: 'zdd-readonly' },
      stagingSlot: null,
      appPart: undefined,
      servers: [{ name: 'sql' }],
      unseen: [{ what: 'slot settings' }, { what: 'settings of production, zdd-readonly' }],
    });
    expect(look).toHaveProperty('databasePart.databases');
  });

  test('the servers are known also where their databases are not', async () => {
    const { look } = await looked({ phase: 'status', refused: /\/databases\?/ });
    expect(look).toMatchObject({
      servers: [{ name: 'sql' }],
      databasePart: undefined,
      appPart: { app: { name: 'web' } },
      unseen: [{ what: 'databases of sql' }],
    });
  });
});

describe('the journal in the readonly slot', () => {
  const inputs = { 'deployment-id': ID };
  const before = { entry: 1, windowOpenedAt: NOW, swaps: 1, settledSwaps: 1 };
  const journal = (more = {}) => ({ 'zdd-deployment': ID, ...windowTags(recordOf({ ...before, entry: 2, ...more })) });
  const writing = (tags: Record<string, string>) => (there: Stage) =>
    void Object.assign(there.slot('zdd-readonly'), { tags });

  test('knows what the databases are told later', async () => {
    const change = writing(journal({ rollbackPoint: NOW }));
    const { whole } = await looked({ inputs, record: before, change });
    expect(whole().record).toMatchObject({ entry: 2, rollbackPoint: NOW });
    expect((await looked({ inputs, record: before })).whole().record).toMatchObject({ entry: 1 });
  });

  test.each(['production', 'zdd-readonly', 'zdd-staging'])('counts on from what %s bears', async (name) => {
    const markers = { [name]: `${ID}/new/4` };
    expect((await looked({ inputs, record: before, markers })).whole().record?.attempt).toBe(4);
  });

  test('that nobody can read stops all but the overview, which lacks what it says', async () => {
    const change = writing({ ...journal(), 'zdd-attempt': 'x' });
    for (const phase of ['switch', 'preflight'] as const)
      await expect(looked({ phase, inputs, record: before, change })).rejects.toThrow(
        /zdd-attempt of slot zdd-readonly/,
      );
    const { look } = await looked({ phase: 'status', inputs, record: before, change });
    expect(look).toMatchObject({
      databasePart: undefined,
      unseen: [{ what: 'record of the deployment', so: 'how far the deployment has come' }],
    });
  });
});
