import { expect, test } from '@jest/globals';
import type { World } from '../../simulator/model/world.ts';
import { applySlot } from '../../src/apply/slots.ts';
import type { SlotSettings } from '../../src/azure/slot-settings.ts';
import { answer, byTheSecond, refusal, type Stage, stage } from './scene.ts';
import { recordOf } from './sketch.ts';

const NAME = 'zdd-staging';
const MARKER = '20260131-k7m2x/new/0';
const STRING = { value: 'Server=sql;Database=shop;Password=x', type: 'SQLAzure' } as const;
const OTHER = { value: 'Server=sql;Database=stock;Password=x', type: 'Custom' } as const;
const WANTED: SlotSettings = {
  appSettings: { ZDD_INSTANCE: MARKER, A: '1' },
  connectionStrings: { Shop: STRING },
};

function step(settings: SlotSettings, once = false) {
  return { kind: 'write-settings', slot: NAME, settings, once, because: 'it is prepared' } as const;
}

async function withSlot(before: Partial<SlotSettings> = {}): Promise<[Stage, ReturnType<Stage['slot']>['occupant']]> {
  const there = await stage();
  const { occupant } = there.slot(NAME);
  occupant.settings = { ...before.appSettings };
  occupant.connectionStrings = { ...before.connectionStrings };
  return [there, occupant];
}

function holdsWanted({ settings, connectionStrings }: Awaited<ReturnType<typeof withSlot>>[1]) {
  expect(settings).toEqual(WANTED.appSettings);
  expect(connectionStrings).toEqual(WANTED.connectionStrings);
}

test('both sets are written as wholes, by one write; what is not among them is gone', async () => {
  const [there, occupant] = await withSlot({ appSettings: { OLD: 'x' }, connectionStrings: { Old: OTHER } });
  await applySlot(await there.seen(), step(WANTED));
  holdsWanted(occupant);
  expect(there.sent).toEqual(['PATCH config/web']);
});

test('where the connection strings stay, only the app settings are written', async () => {
  const [there, occupant] = await withSlot({ appSettings: { OLD: 'x' }, connectionStrings: { Shop: STRING } });
  await applySlot(await there.seen(), step(WANTED));
  holdsWanted(occupant);
  expect(there.sent).toEqual(['PUT config/appsettings']);
});

test('what may be written once only is written as Azure documents it: the one with the marker last', async () => {
  const [there, occupant] = await withSlot();
  await applySlot(await there.seen(), step(WANTED, true));
  holdsWanted(occupant);
  expect(there.sent).toEqual(['PUT config/connectionstrings', 'PUT config/appsettings']);
});

test.each<[number, string, string | undefined]>([
  [400, 'NotTogether', undefined],
  [409, 'NotTogether', undefined],
  [403, 'AuthorizationFailed', 'AuthorizationFailed'],
])('Azure that does not take both at once (%d %s)', async (status, code, thrown) => {
  const [there, occupant] = await withSlot();
  const scene = await there.seen();
  there.answering(({ method }) => (method === 'PATCH' ? refusal(status, code) : undefined));
  const writing = applySlot(scene, step(WANTED));
  if (thrown) await expect(writing).rejects.toThrow(thrown);
  else await writing;
  if (thrown) return expect(there.sent).toEqual(['PATCH config/web']);
  holdsWanted(occupant);
  expect(there.sent).toEqual(['PATCH config/web', 'PUT config/connectionstrings', 'PUT config/appsettings']);
});

test('while another operation is in progress both are written at once all the same, later', async () => {
  const [there, occupant] = await withSlot();
  const scene = await there.seen();
  let refused = 0;
  const Message =
    'Cannot modify this site because another operation is in progress. Details: Id: 7, OperationName: X, ';
  there.answering(({ method }) => (method === 'PATCH' && ++refused < 3 ? answer(409, { Message }) : undefined));
  await applySlot(scene, step(WANTED));
  holdsWanted(occupant);
  expect(there.sent).toEqual(Array(3).fill('PATCH config/web'));
});

test.each<[string, Partial<SlotSettings>, Partial<SlotSettings>, boolean, boolean]>([
  ['its marker', { appSettings: { ZDD_INSTANCE: 'a' } }, { appSettings: { ZDD_INSTANCE: 'b' } }, false, true],
  ['its marker, which is new', {}, { appSettings: { ZDD_INSTANCE: 'b' } }, false, true],
  ['another setting', { appSettings: { B: '1' } }, { appSettings: { B: '2' } }, false, false],
  ['another setting, written once', { appSettings: { B: '1' } }, { appSettings: { B: '2' } }, true, true],
  ['a connection string, written once', {}, { connectionStrings: { Shop: OTHER } }, true, true],
  ['nothing, written once', { appSettings: { B: '1' } }, { appSettings: { B: '1' } }, true, false],
])('somebody changed %s since the slot was looked at', async (_what, before, now, once, isLeft) => {
  const [there, occupant] = await withSlot(before);
  const scene = await there.seen();
  occupant.settings = { ...now.appSettings };
  occupant.connectionStrings = { ...now.connectionStrings };
  await applySlot(scene, step(WANTED, once));
  expect(there.sent.length === 0).toBe(isLeft);
  expect(there.warnings).toEqual(isLeft ? [expect.stringContaining('has changed since it was looked at')] : []);
  if (!isLeft) holdsWanted(occupant);
});

/** What Azure shows of the sets, one look after another; the last one stays. */
function showing(there: Stage, looks: readonly Partial<SlotSettings>[]) {
  let [apps, strings] = [0, 0];
  const at = (index: number) => looks[Math.min(index, looks.length - 1)];
  there.answering(({ url }) => {
    if (/appsettings\/list/.test(url)) return answer(200, { properties: at(apps++)?.appSettings ?? {} });
    if (/connectionstrings\/list/.test(url)) return answer(200, { properties: at(strings++)?.connectionStrings ?? {} });
    return undefined;
  });
  return () => Math.max(apps, strings);
}

test.each<[string, Partial<SlotSettings>]>([
  ['an app setting is missing', { appSettings: { ZDD_INSTANCE: MARKER }, connectionStrings: { Shop: STRING } }],
  ['one is as it was', { ...WANTED, appSettings: { ...WANTED.appSettings, A: '0' } }],
  ['one that was taken away is still there', { ...WANTED, appSettings: { ...WANTED.appSettings, OLD: 'x' } }],
  ['a connection string is another one', { ...WANTED, connectionStrings: { Shop: OTHER } }],
])('it is waited for while %s', async (_what, shown) => {
  const before = { appSettings: { OLD: 'x' }, connectionStrings: { Shop: STRING } };
  const [there] = await withSlot(before);
  const scene = await there.seen();
  const looks = showing(there, [before, shown, shown, WANTED]);
  await applySlot(scene, step(WANTED));
  expect(looks()).toBe(4);
});

test('names that Azure adds by itself are none to wait for', async () => {
  const [there] = await withSlot({ connectionStrings: { Shop: STRING } });
  const scene = await there.seen();
  const added = { ...WANTED, appSettings: { ...WANTED.appSettings, WEBSITE_X: '1' } };
  const looks = showing(there, [{ connectionStrings: { Shop: STRING } }, added]);
  await applySlot(scene, step(WANTED));
  expect(looks()).toBe(2);
});

test('connection strings that did not come with the app settings are written by themselves, once', async () => {
  const [there] = await withSlot();
  const scene = await there.seen();
  const alone = { appSettings: WANTED.appSettings };
  showing(there, [{}, alone, alone, alone, WANTED]);
  await applySlot(scene, step(WANTED));
  expect(there.sent).toEqual(['PATCH config/web', 'PUT config/connectionstrings']);
});

test('as long as the app settings do not show either, nothing is written again', async () => {
  const [there] = await withSlot({ appSettings: { OLD: 'x' } });
  const scene = await there.seen();
  const half = { appSettings: { ...WANTED.appSettings, OLD: 'x' } };
  showing(there, [{ appSettings: { OLD: 'x' } }, {}, half, WANTED]);
  await applySlot(scene, step(WANTED));
  expect(there.sent).toEqual(['PATCH config/web']);
});

test('what does not show within two minutes is for the next look', async () => {
  const [there] = await withSlot({ connectionStrings: { Shop: STRING } });
  const scene = await there.seen();
  const startedAt = there.clock.now();
  showing(there, [{ connectionStrings: { Shop: STRING } }]);
  await applySlot(scene, step(WANTED));
  const waited = there.clock.now() - startedAt;
  expect([waited >= 120_000, waited < 135_000]).toEqual([true, true]);
});

test('two minutes are two minutes: nothing is looked at after them', async () => {
  const [there] = await withSlot();
  const scene = await there.seen();
  const looks = showing(there, [{}]);
  await applySlot(byTheSecond(scene), step(WANTED, true));
  // One before it is written, then at 0, 1, … 120 s.
  expect(looks()).toBe(122);
});

test('a name that was there and stays is none that must go; a run that is cancelled does not wait', async () => {
  const [there] = await withSlot({ appSettings: { A: '0' } });
  const scene = await there.seen();
  const before = { appSettings: { A: '0' } };
  const alone = { appSettings: WANTED.appSettings };
  showing(there, [before, alone, WANTED]);
  const startedAt = there.clock.now();
  await applySlot(scene, step(WANTED));
  expect(there.clock.now() - startedAt).toBeLessThan(10_000);
  expect(there.sent).toEqual(['PATCH config/web', 'PUT config/connectionstrings']);
  showing(there, [before]);
  const waiting = applySlot(scene, step(WANTED));
  await there.clock.sleep(3000);
  there.cancelled.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
});

const JOBS = '/api/continuouswebjobs';

interface Kudu {
  readonly continuous?: readonly { readonly name: string; readonly status: string }[];
  readonly triggered?: readonly { readonly name: string; readonly settings?: object }[];
  /** How SCM answers a change, by what is asked; 200 otherwise. */
  readonly changes?: (path: string) => number | undefined;
  /** So many requests find it stopped. */
  readonly stopped?: number;
}

/** SCM of the slot; everything that is asked of it to be changed. */
async function withKudu({ continuous = [], triggered = [], changes, stopped = 0 }: Kudu) {
  const there = await stage();
  there.slot(NAME);
  const scene = await there.seen();
  const asked: string[] = [];
  let left = stopped;
  there.answering(({ method, url }) => {
    const { host, pathname } = new URL(url);
    if (!host.includes('.scm.')) return undefined;
    if (left-- > 0) return { status: 403, headers: {}, body: new TextEncoder().encode('Site Disabled') };
    if (method === 'GET') return answer(200, pathname === JOBS ? continuous : triggered);
    asked.push(pathname.replace(JOBS, ''));
    const status = changes?.(pathname);
    return status === undefined ? answer(200, {}) : refusal(status, 'NotThat');
  });
  return { there, scene, asked, model: there.slot(NAME) };
}

const RUNNING = [
  { name: 'mailer', status: 'Running' },
  { name: 'indexer', status: 'PendingRestart' },
  { name: 'stopped', status: 'Stopped' },
  { name: 'off', status: 'Disabled' },
];

const STOP = { kind: 'stop-webjobs', slot: NAME, because: 'the database must be quiet' } as const;

/** The names in the tag of the record, which lies on the clone. */
function recorded({ world }: { readonly world: World }): string | undefined {
  const [server] = Object.values(world.sql.servers);
  return Object.values(server?.databases ?? {}).find(({ name }) => name.includes('-zdd-'))?.tags['zdd-stopped-jobs'];
}

test('continuous WebJobs that run are recorded, then stopped; no other one is', async () => {
  const { there, scene, asked, model } = await withKudu({ continuous: RUNNING, triggered: [{ name: 'nightly' }] });
  there.add(scene.observed.recordDatabase);
  expect((await applySlot(scene, STOP)).done).toHaveLength(1);
  expect(asked.toSorted()).toEqual(['/indexer/stop', '/mailer/stop']);
  expect(recorded(there)).toBe('indexer:mailer');
  expect(model.properties.scmSiteAlsoStopped).toBeUndefined();
});

test('what was recorded before is kept, and not written again', async () => {
  const record = recordOf({ stoppedJobs: ['older', 'mailer', 'indexer'] });
  const { there, scene } = await withKudu({ continuous: RUNNING });
  await applySlot({ ...scene, observed: { ...scene.observed, record } }, STOP);
  expect(there.sent.filter((each) => !each.startsWith('POST'))).toEqual([]);
});

test.each<[string, Kudu, string]>([
  ['a mounted package', { continuous: RUNNING, changes: () => 409 }, 'its WebJobs are in a mounted package'],
  [
    'a schedule',
    { triggered: [{ name: 'nightly', settings: { schedule: '0 0 3 * * *' } }, { name: 'by-hand' }] },
    'WebJobs run by schedule: nightly',
  ],
])('WebJobs of %s stop with SCM', async (_what, kudu, because) => {
  const { there, scene, model } = await withKudu(kudu);
  there.add(scene.observed.recordDatabase);
  await applySlot(scene, STOP);
  expect([model.properties.scmSiteAlsoStopped, model.state]).toEqual([true, 'Stopped']);
  expect(there.infos.join()).toContain(because);
  expect(there.warnings).toEqual([]);
});

test('that Azure did not stop SCM with the app is told', async () => {
  const { there, scene, model } = await withKudu({ triggered: [{ name: 'a', settings: { schedule: '0 0 3 * * *' } }] });
  there.add(scene.observed.recordDatabase);
  const shown = there.clock.now() + 100;
  const { id } = scene.observed.stagingSlot ?? {};
  const before = (await there.seen()).observed.stagingSlot?.site.tags;
  there.answering(({ method, url }) => {
    if (new URL(url).host.includes('.scm.'))
      return answer(200, url.includes(JOBS) ? [] : [{ name: 'a', settings: { schedule: '0 0 3 * * *' } }]);
    if (method !== 'GET' || !url.includes(`/slots/${NAME}?`)) return undefined;
    const properties = { state: model.state, scmSiteAlsoStopped: false };
    return answer(200, { id, name: `web/${NAME}`, location: 'West Europe', tags: before, properties });
  });
  await applySlot(scene, STOP);
  expect(there.clock.now()).toBeGreaterThan(shown);
  expect(there.warnings).toEqual([expect.stringMatching(/did not stop the SCM site .*run by schedule: a: stop them/)]);
});

test('where SCM is stopped its WebJobs are, too; any other refusal is an error', async () => {
  const { there, scene, asked } = await withKudu({ continuous: RUNNING, stopped: 9 });
  await applySlot(scene, STOP);
  expect([asked, there.sent]).toEqual([[], []]);
  const refusing = await withKudu({ continuous: RUNNING, changes: () => 500 });
  refusing.there.add(refusing.scene.observed.recordDatabase);
  await expect(applySlot(refusing.scene, STOP)).rejects.toThrow('NotThat');
});

const start = (...jobs: readonly string[]) =>
  ({ kind: 'start-webjobs', slot: NAME, jobs, because: 'it serves again' }) as const;

test('the WebJobs that were recorded are started again, as soon as SCM is back', async () => {
  const { there, scene, asked } = await withKudu({ stopped: 4 });
  const startedAt = there.clock.now();
  await applySlot(scene, start('mailer', 'indexer'));
  expect(asked.toSorted()).toEqual(['/indexer/start', '/mailer/start']);
  expect(there.clock.now() - startedAt).toBeGreaterThan(1000);
});

test.each<[string, number, boolean, number]>([
  ['is gone', 404, true, 1],
  ['was never stopped by itself', 409, true, 0],
  ['is refused', 500, false, 0],
])('a WebJob that %s', async (_what, status, isDone, warnings) => {
  const { there, scene, asked } = await withKudu({ changes: (path) => (/mailer/.test(path) ? status : undefined) });
  const starting = applySlot(scene, start('mailer', 'indexer'));
  if (isDone) await starting;
  else await expect(starting).rejects.toThrow('NotThat');
  expect(asked).toContain('/indexer/start');
  expect(there.warnings).toHaveLength(warnings);
});

test('names that were too long for a tag are found among the continuous WebJobs that are there', async () => {
  const triggered = [{ name: 'mailer' }];
  const { scene, asked } = await withKudu({ continuous: RUNNING, triggered });
  // The digest of `mailer`, as the tag has it.
  await applySlot(scene, start('#2e4330', 'indexer'));
  expect(asked.toSorted()).toEqual(['/indexer/start', '/mailer/start']);
});
