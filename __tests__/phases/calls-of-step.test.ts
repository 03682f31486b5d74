import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import { callsOf, type Standing } from '../../src/phases/calls-of-step.ts';
import type { Step } from '../../src/steps/steps.ts';
import { CLONE, connectionTo, observed, settings, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen } from './seen.ts';

/** A step without its reason, which sends nothing. */
type Told = Step extends infer One ? (One extends Step ? Omit<One, 'because'> : never) : never;

function sends(told: Told, differences: Partial<Standing> = {}): readonly string[] {
  const standing: Standing = {
    settings: settings(),
    observed: observed(),
    strings: () => undefined,
    unsure: () => undefined,
    record: (fields, onlyIf) => [
      { to: 'azure', call: `record ${Object.keys(fields).join(' ')}`.trim(), what: 'it', onlyIf },
    ],
    ...differences,
  };
  const calls = callsOf({ ...told, because: 'it is tried' } as Step, standing);
  for (const { what, onlyIf } of calls) for (const words of [what, onlyIf ?? 'it']) expect(words).not.toBe('');
  // What may be sent and need not be has a question mark.
  return calls.map(({ call, onlyIf }) => `${call}${onlyIf === undefined ? '' : ' ?'}`);
}

const TAGS = 'providers/Microsoft.Resources/tags/default';
const database = (name: string) => `…/databases/${name}`;
const STAGING = '…/slots/zdd-staging';

test.each<[Told, readonly string[]]>([
  [{ kind: 'copy-database', database: 'shop', clone: CLONE }, [`PUT ${database(CLONE)}`]],
  [{ kind: 'restore-database', target: 'new', database: 'shop', point: 'then' } as Told, [`PUT ${database('new')}`]],
  [{ kind: 'await-restore', target: 'new' } as Told, ['ALTER DATABASE new SET READ_WRITE ?']],
  [{ kind: 'prepare-restore', target: 'new', database: 'shop', point: 'then' } as Told, [`PUT ${database('new')}`]],
  [
    { kind: 'prepare-restore', target: 'new', database: 'shop', point: 'then', replaces: 'id' } as Told,
    [`DELETE ${database('new')}`, `PUT ${database('new')}`],
  ],
  [
    { kind: 'copy-retention', from: 'shop', to: 'new' } as Told,
    [
      `PUT ${database('new')}/backupShortTermRetentionPolicies/default`,
      `PUT ${database('new')}/backupLongTermRetentionPolicies/default ?`,
    ],
  ],
  [{ kind: 'move-database', from: 'shop', to: 'old' } as Told, [`POST ${database('shop')}/move`]],
  [{ kind: 'delete-database', database: CLONE, databaseId: 'id' }, [`DELETE ${database(CLONE)}`]],
  [{ kind: 'tag-clone', clone: CLONE, tags: { a: 'b' } }, [`PATCH ${database(CLONE)}/${TAGS}`]],
  [{ kind: 'stamp-clone', clone: CLONE }, [`PATCH ${database(CLONE)}/${TAGS}`]],
  [{ kind: 'remove-mirror', database: 'shop' }, [`PATCH ${database('shop')}/${TAGS}`]],
  [
    { kind: 'delete-firewall-rules', rules: ['a', 'other/b'] } as unknown as Told,
    ['DELETE …/firewallRules/a', 'DELETE …/servers/other/firewallRules/b'],
  ],
  [{ kind: 'hold-lock' }, ['record lock']],
  [{ kind: 'record', fields: { attempt: 1, mode: 'read-only' } }, ['record attempt mode']],
  [
    { kind: 'intend-swap', source: 'zdd-staging', purpose: 'switch', fields: { candidate: undefined } },
    ['record candidate'],
  ],
  [
    { kind: 'post-swap', source: 'zdd-staging' },
    [`POST ${STAGING}/slotsswap`, 'record', `PATCH ${STAGING}/config/web ?`],
  ],
  [{ kind: 'settle-swap', intent: { source: 'zdd-staging' } } as Told, ['record', `PATCH ${STAGING}/config/web ?`]],
  [{ kind: 'set-read-only', database: 'shop' }, ['ALTER DATABASE shop SET READ_ONLY']],
  [{ kind: 'set-read-write', database: 'shop' }, ['ALTER DATABASE shop SET READ_WRITE']],
  [{ kind: 'take-rollback-point' } as Told, ['record rollbackPoint']],
  [{ kind: 'migrate', command: 'x', attempt: 1 }, ['record migrated']],
  [{ kind: 'after-start', slot: 'zdd-staging', command: 'x', attempt: 1 }, ['record afterStart']],
  [{ kind: 'scale-plan', sku: 'S1', slots: 1 }, ['PUT …/serverfarms/plan ?']],
  [{ kind: 'set-auto-swap', slot: 'zdd-staging', to: 'off' }, [`PATCH ${STAGING}/config/web`]],
  [{ kind: 'set-slot-settings', appSettings: [], connectionStrings: [], to: 'on' }, ['PUT …/config/slotConfigNames']],
  [{ kind: 'create-slot', slot: 'zdd-staging' }, [`PUT ${STAGING}`]],
  [{ kind: 'create-slot', slot: 'zdd-staging', of: 'rg/admin' } as Told, ['PUT …/sites/admin/slots/zdd-staging']],
  [{ kind: 'tag-slot', slot: 'zdd-staging', tags: {} }, [`PATCH ${STAGING}/${TAGS}`]],
  [{ kind: 'match-config', slot: 'zdd-staging', properties: { http20Enabled: true } }, [`PATCH ${STAGING}/config/web`]],
  [{ kind: 'stop-slot', slot: 'zdd-staging' }, [`POST ${STAGING}/stop`]],
  [{ kind: 'start-slot', slot: 'production' }, ['POST …/start']],
  [
    { kind: 'stop-webjobs', slot: 'zdd-staging' },
    [
      'record ?',
      'POST /api/continuouswebjobs/<name>/stop of slot zdd-staging ?',
      `PATCH ${STAGING} ?`,
      `POST ${STAGING}/stop ?`,
    ],
  ],
  [
    { kind: 'start-webjobs', slot: 'zdd-staging', jobs: ['mail', 'index'] },
    ['mail', 'index'].map((job) => `POST /api/continuouswebjobs/${job}/start of slot zdd-staging`),
  ],
  [{ kind: 'stop-app', app: 'rg/admin' }, ['PATCH …/sites/admin ?', 'POST …/sites/admin/stop']],
  [{ kind: 'start-app', app: 'rg/admin' }, ['POST …/sites/admin/start']],
  [
    { kind: 'copy-build', slot: 'zdd-staging' },
    ['POST /api/publish of slot zdd-staging', `POST ${STAGING}/start ?`, `POST ${STAGING}/stop ?`],
  ],
  [
    { kind: 'empty-slot', slot: 'zdd-staging', of: 'rg/admin' } as Told,
    [
      'POST /api/publish of slot admin/zdd-staging',
      'POST …/sites/admin/slots/zdd-staging/start ?',
      'POST …/sites/admin/slots/zdd-staging/stop ?',
    ],
  ],
  [
    { kind: 'carry-files', slot: 'zdd-staging', from: 'production', folders: ['a/'] },
    [
      'PUT /api/vfs/<file> of slot zdd-staging ?',
      ...[`POST ${STAGING}/start ?`, `POST ${STAGING}/stop ?`, 'POST …/start ?', 'POST …/stop ?'],
    ],
  ],
  [{ kind: 'await-copy', clone: CLONE }, []],
  [{ kind: 'check-sessions', slot: 'production' } as Told, []],
])('what a step sends, and what only perhaps: %j', (told, expected) => {
  expect(sends(told)).toEqual(expected);
});

test('an original that nobody could see may be open already', () => {
  const unsure = (name: string) => (name === 'shop' ? 'nobody saw it' : undefined);
  expect(sends({ kind: 'set-read-write', database: 'shop' }, { unsure })).toEqual([
    'ALTER DATABASE shop SET READ_WRITE ?',
  ]);
});

test('whoever waits for quiet closes what is not known to be closed, where it shall be', () => {
  const look = observed({
    sql: { a: { readOnly: true, schemaVersion: '1' }, b: { readOnly: false, schemaVersion: '1' } },
  });
  const quiet = (setReadOnly: boolean) =>
    sends({ kind: 'await-quiet', databases: ['a', 'b', 'c'], setReadOnly, watching: true }, { observed: look });
  expect(quiet(true)).toEqual(['ALTER DATABASE b SET READ_ONLY', 'ALTER DATABASE c SET READ_ONLY', 'record ?']);
  expect(quiet(false)).toEqual(['record ?']);
});

test('users of slots may be missing in every original and in every clone', () => {
  const { observed: look } = seen(rows.ready, 'switch');
  expect(sends({ kind: 'add-slot-users', slots: ['zdd-staging'] }, { observed: look })).toEqual([
    'CREATE USER, ALTER ROLE in shop ?',
    `CREATE USER, ALTER ROLE in ${CLONE} ?`,
  ]);
});

const STAGED = slot('zdd-staging', { connectionStrings: connectionTo('shop') });

test.each<[string, string, boolean, string | undefined, readonly string[]]>([
  ['the same strings as the slot has', 'shop', false, undefined, ['PUT']],
  ['other strings', CLONE, false, undefined, ['PATCH', 'PUT strings ?', 'PUT ?']],
  ['other strings, which must not be written twice', CLONE, true, undefined, ['PUT strings', 'PUT']],
  ['what an earlier step has written by then', CLONE, false, CLONE, ['PUT']],
  ['what an earlier step has written over', 'shop', false, CLONE, ['PATCH', 'PUT strings ?', 'PUT ?']],
])('settings with %s', (_what, to, once, written, expected) => {
  const words: Readonly<Record<string, string>> = {
    PUT: `PUT ${STAGING}/config/appsettings`,
    PATCH: `PATCH ${STAGING}/config/web`,
    'PUT strings': `PUT ${STAGING}/config/connectionstrings`,
  };
  const found = sends(
    {
      kind: 'write-settings',
      slot: 'zdd-staging',
      settings: { appSettings: {}, connectionStrings: connectionTo(to) },
      once,
    } as Told,
    {
      observed: observed({ stagingSlot: STAGED }),
      strings: () => (written === undefined ? undefined : connectionTo(written)),
    },
  );
  expect(found).toEqual(expected.map((each) => `${words[each.replace(' ?', '')]}${each.endsWith(' ?') ? ' ?' : ''}`));
});

const PROBES = {
  'write-probes': 'POST /write -> 200\nGET /read -> 200',
  'read-only-probes': 'POST /refused -> 503\nHEAD /seen -> 200',
};

function proofOf(differences: Differences, as: string): readonly string[] {
  const { known, observed: look } = seen(rows.ready, 'switch', { inputs: PROBES, ...differences });
  return sends({ kind: 'prove-instance', slot: 'zdd-readonly', as } as Told, { settings: known, observed: look });
}

test('a copy that must not write is asked what it must refuse, and so is its clone; nobody else is', () => {
  const host = rows.ready.slots['zdd-readonly']?.host;
  expect(proofOf({}, 'read-only-copy')).toEqual([
    expect.stringMatching(`^POST /refused at ${host}$`),
    `CREATE TABLE zdd_write_proof in ${CLONE}`,
  ]);
  expect(proofOf({}, 'candidate')).toEqual([]);
  const { known, observed: look } = seen(rows.ready, 'switch', { inputs: PROBES });
  const open = { settings: { ...known, mode: 'read-write' as const }, observed: look };
  expect(sends({ kind: 'prove-instance', slot: 'zdd-readonly', as: 'read-only-copy' } as Told, open)).toEqual([]);
});

test('what writes is tried on production after the swap, and before on a new build alone', () => {
  const tried = (told: Told, differences: Partial<Observed> = {}) => {
    const { known, observed: look } = seen(rows.deployed, 'validate', { inputs: PROBES, look: differences });
    return sends(told, { settings: known, observed: { ...look, ...differences } });
  };
  const { record } = seen(rows.deployed, 'validate');
  const check = { kind: 'check-candidate', slot: 'zdd-staging' } as const;
  expect(tried({ kind: 'prove-writes', slot: 'production' } as Told)).toEqual([
    `POST /write at ${rows.deployed.production.host}`,
  ]);
  expect(tried(check)).toEqual(['record verdict', `POST /write at ${rows.deployed.slots['zdd-staging']?.host}`]);
  const live = { ...record, candidate: { role: 'live', attempt: 1, slot: 'zdd-staging' } } as const;
  expect(tried(check, { record: live })).toEqual(['record verdict']);
});
