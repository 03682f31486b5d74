import { expect, test } from '@jest/globals';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { Stop } from '../../src/errors.ts';
import { type Call, callText } from '../../src/phases/call.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { plannedCalls } from '../../src/phases/planned-calls.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import type { Plan } from '../../src/steps/steps.ts';
import { CLONE, ID, settings } from './observed.ts';
import { look, type Picture } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen } from './seen.ts';
import { cases } from './ways.ts';

function foreseen(picture: Picture, name: PhaseName, inputs: Readonly<Record<string, string>> = {}) {
  const phase = phaseNamed[name];
  const { settings: known, observed } = look(picture, phase, settings({ ...inputs, phase: name }));
  try {
    const plan = phase.plan(known, observed);
    return { phase, observed, plan, calls: plannedCalls(phase, known, observed, plan) };
  } catch (error) {
    if (error instanceof Stop) return undefined;
    throw error;
  }
}

const sure = ({ onlyIf }: Call) => onlyIf === undefined;
const isLock = ({ call }: Call) => call.startsWith('sp_getapplock');
const isRule = ({ call }: Call) => /^(PUT|DELETE) .*\/firewallRules\/zdd-</.test(call);

test('of every phase after every other: each request once, what is sure first, the lock before all of it, a rule per server', () => {
  const met = { locked: 0, unlocked: 0, nothing: 0 };
  for (const { picture, phase: name, inputs } of cases()) {
    const found = foreseen(picture, name, inputs);
    if (found === undefined) continue;
    const { phase, observed, plan, calls } = found;
    const texts = calls.map(({ call }) => call);
    expect(new Set(texts).size).toBe(texts.length);
    expect(calls.map(sure)).toEqual(calls.map(sure).sort((one, other) => Number(other) - Number(one)));
    if (plan.length === 0) {
      expect(calls).toEqual([]);
      met.nothing++;
      continue;
    }
    // `clone` makes what a lock would be held in; without a record nobody shares anything.
    const locks = !phase.claims && observed.record !== null;
    expect(calls.map(isLock)).toEqual(calls.map((_, index) => locks && index === 0));
    if (locks)
      expect(texts[0]).toBe(`sp_getapplock zdd:${ID} in ${CLONE.replace('shop', observed.databases[0]?.name ?? '')}`);
    expect(calls.filter(isRule).map((call) => [call.call.split(' ')[0], sure(call)])).toEqual([
      ['PUT', false],
      ['DELETE', false],
    ]);
    met[locks ? 'locked' : 'unlocked']++;
  }
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(0);
});

test.each(['preflight', 'status'] as const)('%s only looks: it sends nothing', (phase) => {
  for (const picture of Object.values(rows)) expect(foreseen(picture, phase)?.calls ?? []).toEqual([]);
});

function callsFor(row: keyof typeof rows, name: PhaseName, plan: Plan, differences: Differences = {}) {
  const { known, observed } = seen(rows[row], name, differences);
  return plannedCalls(phaseNamed[name], known, observed, plan).map(
    ({ call, onlyIf }) => `${call}${onlyIf === undefined ? '' : ' ?'}`,
  );
}

const OPENS = 'ALTER DATABASE shop SET READ_WRITE';
const because = 'it is tried';
const RECORDS: Plan = [[{ kind: 'record', fields: { attempt: 1 }, because }]];
const OPENS_IT: Plan = [[{ kind: 'set-read-write', database: 'shop', because }]];
const CLOSED = { look: { sql: { shop: { readOnly: true, schemaVersion: '1' } } } };
const BLIND = { look: { sql: {} } };

test.each<[string, PhaseName, keyof typeof rows, Plan, Differences, boolean, boolean]>([
  ['in the window, not seen', 'deploy', 'switched', RECORDS, BLIND, false, true],
  ['in the window, seen', 'deploy', 'switched', RECORDS, CLOSED, false, false],
  ['before the window', 'read-only', 'ready', RECORDS, BLIND, false, false],
  ['before the window, by a phase that opens them in it', 'deploy', 'ready', RECORDS, BLIND, false, false],
  ['a phase that never opens one', 'read-only', 'switched', RECORDS, BLIND, false, false],
  ['a plan that opens what was seen closed', 'deploy', 'switched', OPENS_IT, CLOSED, true, false],
  ['a plan that opens what nobody saw', 'deploy', 'switched', OPENS_IT, BLIND, false, true],
])('an original that may have to be opened: %s', (_what, phase, row, plan, differences, surely, perhaps) => {
  const calls = callsFor(row, phase, plan, differences);
  expect([calls.includes(OPENS), calls.includes(`${OPENS} ?`)]).toEqual([surely, perhaps]);
});

test('without a record nobody shares anything: what is left over goes without a lock', () => {
  const { known, observed } = seen(rows.cloned, 'cleanup');
  const locks = (record: typeof observed.record) =>
    plannedCalls(phaseNamed.cleanup, known, { ...observed, record }, RECORDS).filter(isLock).length;
  expect([locks(observed.record), locks(null)]).toEqual([1, 0]);
});

test('a restored database comes out closed or open, also where the original was seen closed', () => {
  const moves = { kind: 'move-database', from: 'shop-restored', to: 'shop', because } as Plan[number][number];
  expect(callsFor('switched', 'rollback', [[moves], ...OPENS_IT], CLOSED)).toContain(`${OPENS} ?`);
});

const TAGS = 'providers/Microsoft.Resources/tags/default';
const RECORD = `PATCH …/databases/${CLONE}/${TAGS}`;
const MIRROR = `PATCH …/databases/shop/${TAGS}`;
const JOURNAL = `PATCH …/slots/zdd-readonly/${TAGS}`;

function places(row: keyof typeof rows, plan: Plan, differences: Differences = {}) {
  const written = [RECORD, MIRROR, JOURNAL];
  return callsFor(row, 'deploy', plan, differences).filter((each) => written.includes(each.replace(' ?', '')));
}

test('in the window the journal is written at once and the record when there is time; before it the record alone', () => {
  expect(places('switched', RECORDS)).toEqual([JOURNAL, `${RECORD} ?`, `${MIRROR} ?`]);
  expect(places('cloned', RECORDS)).toEqual([RECORD]);
});

const swap = (of?: string): Plan =>
  [
    { kind: 'intend-swap', source: 'zdd-readonly', purpose: 'switch', fields: {}, because } as const,
    { kind: 'post-swap', source: 'zdd-readonly', because } as const,
  ].map((step) => [{ ...step, ...(of !== undefined && { of }) }]);

test('once a swap has opened the window the journal is the place, and from the first intent on there is a mirror', () => {
  expect(places('ready', RECORDS)).toEqual([RECORD]);
  expect(places('ready', [...swap(), ...RECORDS])).toEqual([RECORD, MIRROR, JOURNAL]);
  expect(places('ready', swap().slice(0, 1))).toEqual([RECORD, MIRROR]);
  // What goes back out of the window has no journal any more, and of another app alone opens none.
  expect(places('ready', [...swap('shop-rg/admin'), ...RECORDS])).toEqual([RECORD, MIRROR]);
});

test('what is recorded with an intent has to fit into the journal, and a rollback point has a mirror', () => {
  const intends = (fields: Partial<DeploymentRecord>): Plan => [
    [{ kind: 'intend-swap', source: 'zdd-staging', purpose: 'complete', fields, because }],
  ];
  expect(places('switched', intends({ migrated: 1 }))).toEqual([JOURNAL, `${RECORD} ?`, `${MIRROR} ?`]);
  expect(places('switched', intends({ readOnlyReady: undefined }))).toEqual([RECORD, MIRROR]);
  const point: Plan = [[{ kind: 'take-rollback-point', databases: ['shop'], because }]];
  expect(places('ready', point)).toEqual([RECORD, MIRROR]);
});

test('a plan that has nothing to do sends nothing', () => {
  expect(callsFor('switched', 'deploy', [])).toEqual([]);
});

test('a swap that is to be found out about opens the window like one that is sent', () => {
  const { record } = seen(rows.ready, 'switch');
  const intent = {
    ...{ number: 1, source: 'zdd-readonly', sourceMarker: '', productionMarker: '', swapStatusBefore: '', at: '' },
    purpose: 'switch',
  } as const;
  const settles: Plan = [[{ kind: 'settle-swap', intent, because }]];
  const opened = places('ready', [...settles, ...RECORDS], { record: { ...record, swaps: 1, intent } });
  expect(opened).toEqual([JOURNAL, `${RECORD} ?`, `${MIRROR} ?`]);
  const undone = { ...record, swaps: 1, intent: { ...intent, purpose: 'undo' } } as const;
  expect(places('ready', [...settles, ...RECORDS], { record: undone })).not.toContain(JOURNAL);
});

test('what may be recorded on the way changes nothing of what comes later', () => {
  const perhaps: Plan = [[{ kind: 'stop-webjobs', slot: 'zdd-staging', because }]];
  expect(places('ready', [...perhaps, ...RECORDS])).toEqual([RECORD]);
});

test('a record that is read from its mirror is written there, once', () => {
  expect(places('deployed', RECORDS, { look: { readonlySlot: null, recordDatabase: 'shop' } })).toEqual([MIRROR]);
});

test('what is sure somewhere in the plan is no longer told as a perhaps', () => {
  const start = 'POST …/slots/zdd-staging/start';
  const copies: Plan = [[{ kind: 'copy-build', slot: 'zdd-staging', because }]];
  const starts: Plan = [[{ kind: 'start-slot', slot: 'zdd-staging', because }]];
  const startsIn = (plan: Plan) => callsFor('switched', 'deploy', plan).filter((each) => each.startsWith(start));
  expect([startsIn(copies), startsIn([...copies, ...starts])]).toEqual([[`${start} ?`], [start]]);
});

test('each phase that changes something has a way in through the firewall; whoever claims holds no lock yet', () => {
  const ways = (phase: PhaseName) =>
    callsFor('ready', phase, RECORDS).filter((each) => /^(PUT|DELETE) .*firewallRules|getapplock/.test(each)).length;
  expect([ways('switch'), ways('clone'), ways('status')]).toEqual([3, 2, 0]);
});

test('a step of another app is foreseen by what that app has and what is asked of it', () => {
  const key = 'shop-rg/admin';
  const stringsOf = (name: string) => ({ Db: { value: `Database=${name}`, type: 'SQLAzure' } });
  const { observed } = seen(rows.deployed, 'validate');
  const of = (slotOf: typeof observed.stagingSlot, name: string) =>
    slotOf && { ...slotOf, connectionStrings: stringsOf(name) };
  const { app, production, readonlySlot, newBuild, liveImage } = observed;
  const stagingSlot = of(observed.stagingSlot, 'theirs');
  const look = { app, production, readonlySlot, stagingSlot, newBuild, liveImage };
  const differences: Differences = {
    inputs: { 'write-probes': 'POST /write -> 200', 'other-apps': 'admin = /release/admin.zip' },
    look: { stagingSlot: of(observed.stagingSlot, 'ours'), companions: [{ key, does: 'build', look }] },
  };
  const sent = (step: Plan[number][number]) =>
    callsFor('deployed', 'validate', [[step]], differences).filter((each) => /\/config\/|^POST \/write/.test(each));
  const settings = { appSettings: {}, connectionStrings: stringsOf('ours') };
  const write = { kind: 'write-settings', slot: 'zdd-staging', settings, once: true, because } as const;
  expect(sent(write)).toHaveLength(1);
  expect(sent({ ...write, of: key })).toHaveLength(2);
  const check = { kind: 'check-candidate', slot: 'zdd-staging', because } as const;
  expect(sent(check)).toEqual([expect.stringContaining('POST /write')]);
  // What is said of the pages of the first app says nothing of another.
  expect(sent({ ...check, of: key })).toEqual([]);
});

test('a slot of somebody else gets no journal', () => {
  const { observed } = seen(rows.switched, 'deploy');
  const readonlySlot = observed.readonlySlot && { ...observed.readonlySlot, tags: {} };
  expect(places('switched', RECORDS, { look: { readonlySlot } })).toEqual([RECORD, MIRROR]);
});

test('settings are compared with what the plan has written by then, in the slot of the app that it is', () => {
  const { observed, known } = seen(rows.switched, 'deploy');
  const write = (of?: string) =>
    ({
      kind: 'write-settings',
      slot: 'zdd-staging',
      settings: { appSettings: {}, connectionStrings: { Db: { value: 'x', type: 'SQLAzure' } } },
      once: true,
      because,
      ...(of === undefined ? {} : { of }),
    }) as Plan[number][number];
  const strings = (plan: Plan) =>
    plannedCalls(phaseNamed.deploy, known, observed, plan).filter(({ call }) => /connectionstrings$/.test(call)).length;
  expect(strings([[write()]])).toBe(1);
  expect(strings([[write(), write('shop-rg/admin')]])).toBe(2);
  const again = { ...write(), once: false } as Plan[number][number];
  const stops = (plan: Plan) =>
    plannedCalls(phaseNamed.deploy, known, observed, plan).filter(({ call }) => /config\/web$/.test(call)).length;
  expect([stops([[again]]), stops([[write()], [again]])]).toEqual([1, 0]);
});

test('a request is told in one line, with where it goes and when', () => {
  expect(callText({ to: 'azure', call: 'PUT x', what: 'made' })).toBe('PUT x (made)');
  expect(callText({ to: 'scm', call: 'PUT x', what: 'made', onlyIf: 'it rains' })).toBe(
    'SCM: PUT x (made; only if it rains)',
  );
  expect(callText({ to: 'sql', call: 'X', what: 'y' })).toMatch(/^SQL: /);
});
