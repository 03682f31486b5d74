import { describe, expect, test } from '@jest/globals';
import { addDatabase, addServer } from '../../simulator/model/sql/create.ts';
import type { Database } from '../../src/azure/database-shapes.ts';
import type { Context } from '../../src/context/context.ts';
import { cloneTags } from '../../src/deployment/clone-tags.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { recordTags } from '../../src/deployment/record-tags.ts';
import { findDatabasesOf, lookIntoDatabases } from '../../src/observe/databases.ts';
import { listsAhead } from '../../src/observe/lists.ts';
import { lookAtServers } from '../../src/observe/servers.ts';
import { nothingMissing } from '../../src/observe/unseen.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { refusal, type Stage, stage } from '../apply/scene.ts';
import { recordOf } from '../apply/sketch.ts';
import { CLONE, ID, NOW, slot } from '../phases/observed.ts';

const APP = 'rg/web';
const OTHER = '20260130-aaaaa';
const STOCK = `stock-zdd-${ID}`;

/** Production that leads to these databases, each `<server>/<name>`. */
function leadingTo(...places: readonly string[]) {
  const strings = places.map((place, index) => {
    const [server, name] = place.split('/');
    const value = `Server=${server}.database.windows.net;Database=${name};User ID=a;Password=b`;
    return [`S${index}`, { value, type: 'SQLAzure' as const }] as const;
  });
  const appSettings = { ZDD_INSTANCE: `${OTHER}/new/1` };
  return slot('production', { connectionStrings: Object.fromEntries(strings), appSettings });
}

/** A database on the server, which is made when it is not there. */
function put(there: Stage, place: string, tags: Record<string, string> = {}): void {
  const [name = '', database = ''] = place.split('/');
  const about = { fullyQualifiedDomainName: `${name}.database.windows.net`, resourceGroup: 'rg' };
  const login = { administratorLogin: 'a', administratorPassword: 'Password-1' };
  const server =
    Object.values(there.world.sql.servers).find((each) => each.name === name) ??
    addServer(there.world, { name, ...about, ...login });
  addDatabase(there.world, server, { name: database, tags }, there.clock.now());
}

const copied = (of: string, more = {}) =>
  cloneTags({ deploymentId: ID, source: of, sourceId: `id-of-${of}`, requestedAt: NOW, ...more });
const recorded = (fields: Partial<DeploymentRecord> = {}) => recordTags(recordOf({ app: APP, ...fields }));

interface Asked {
  readonly phase?: PhaseName;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly places?: readonly string[];
  readonly change?: (there: Stage, context: Context) => void;
  /** What lists do not show (yet). */
  readonly hidden?: string[];
}

async function looked({ phase = 'switch', inputs = {}, places = ['sql/shop'], change, hidden = [] }: Asked) {
  const there = await stage(inputs);
  const { context: plain } = there.scene();
  const github = { ...plain.settings.github, repository: 'contoso/shop', runId: '7001' };
  const context: Context = { ...plain, settings: { ...plain.settings, github } };
  change?.(there, context);
  const production = leadingTo(...places);
  const missing = nothingMissing(traitsOf[phase]);
  const servers = await lookAtServers(context, missing, production);
  if (servers === undefined) throw new Error('There are servers.');
  const look = async () => {
    const lists = listsAhead(context);
    const shown = {
      ...lists,
      of: async (id: string) => (await lists.of(id)).filter(({ name }) => !hidden.includes(name)),
    };
    const found = await findDatabasesOf(context, missing, traitsOf[phase], production, servers, shown);
    const names = (part: readonly Database[] = []) => part.map(({ name }) => name);
    return {
      found,
      servers: found?.servers.map(({ name }) => name),
      named: names(found?.look.named),
      candidates: names(found?.look.candidates),
      all: names(found?.look.all),
      pairs: found?.deployment.pairs.map(({ name }) => name),
    };
  };
  return { there, context, missing, production, look, hidden };
}

test('before anything has begun the originals are seen, and production as it is', async () => {
  const { look, production, missing } = await looked({ change: (there) => put(there, 'sql/stock') });
  const seen = await look();
  expect(seen).toMatchObject({ servers: ['sql'], named: [], candidates: ['shop'], pairs: ['shop'] });
  expect(seen.all.toSorted()).toEqual(['shop', 'stock']);
  expect(seen.found).toMatchObject({ deployment: { record: null }, unseen: { pointedTo: [], unreadable: [] } });
  expect([seen.found?.serves, missing.parts]).toEqual([production.marker, []]);
});

test('of several servers each is looked at for its own, and the first by name has the record', async () => {
  const change = (there: Stage) => put(there, 'far/stock');
  const seen = await (await looked({ change, places: ['sql/shop', 'far/stock'] })).look();
  expect(seen.servers).toEqual(['far', 'sql']);
  expect([seen.candidates, seen.all].map((each) => each.toSorted())).toEqual([
    ['sql/shop', 'stock'],
    ['sql/shop', 'stock'],
  ]);
  expect(seen.pairs).toEqual(['stock', 'sql/shop']);
});

describe('a deployment may have databases on servers that production does not name', () => {
  test('its record says so, wherever that lies: the server with the record is the first', async () => {
    const change = (there: Stage) => {
      put(there, `sql/${CLONE}`, { ...copied('shop'), ...recorded({ databases: ['shop', 'far/stock', 'sql/shop'] }) });
      put(there, 'far/stock');
      put(there, `far/${STOCK}`, copied('stock'));
      put(there, 'third/else');
    };
    const { look, context } = await looked({ phase: 'validate', change });
    const seen = await look();
    expect(seen).toMatchObject({ servers: ['sql', 'far'], named: [`far/${STOCK}`, CLONE] });
    expect(seen.all).toContain('far/stock');
    expect(context.known.servers?.map(({ facts }) => facts.name)).toEqual(['sql', 'far']);
    // And again from there.
    expect((await look()).servers).toEqual(['sql', 'far']);
  });

  test('its clones say where the record lies', async () => {
    const change = (there: Stage) => {
      put(there, `sql/${CLONE}`, copied('shop', { app: APP, recordOn: `far/${STOCK}` }));
      put(there, 'far/stock');
      put(there, `far/${STOCK}`, { ...copied('stock'), ...recorded({ databases: ['stock', 'sql/shop'] }) });
    };
    const seen = await (await looked({ change })).look();
    expect(seen).toMatchObject({ servers: ['far', 'sql'], pairs: ['stock', 'sql/shop'] });
    expect(seen.found).toMatchObject({ deployment: { record: { databases: ['stock', 'sql/shop'] } } });
    expect(seen.found?.unseen).toEqual({ pointedTo: [], unreadable: [] });
  });

  test('where there is no such server the deployment is one of which nobody knows more, and is left alone', async () => {
    const change = (there: Stage) => put(there, `sql/${CLONE}`, copied('shop', { app: APP, recordOn: `far/${STOCK}` }));
    const seen = await (await looked({ change })).look();
    expect(seen.servers).toEqual(['sql']);
    expect(seen.found?.unseen).toEqual({
      pointedTo: [expect.objectContaining({ deploymentId: ID, lock: 'held' })],
      unreadable: [{ deploymentId: ID }],
    });
  });

  test('where the record is gone nothing but the originals tells the servers', async () => {
    const change = (there: Stage) => {
      put(there, `sql/${CLONE}`, copied('shop', { app: APP, recordOn: `far/${STOCK}` }));
      put(there, 'far/stock');
      put(there, 'third/till');
    };
    const seen = await (await looked({ change, places: ['sql/shop', 'third/till'] })).look();
    expect([seen.servers, seen.pairs]).toEqual([
      ['sql', 'third'],
      ['shop', 'third/till'],
    ]);
  });

  test('another app’s says nothing of ours; its record is read where it lies', async () => {
    const theirs = { deploymentId: OTHER, app: 'rg/other', run: 'a/b/1/1' };
    const change = (there: Stage) => {
      put(there, `sql/shop-zdd-${OTHER}`, copied('shop', { ...theirs, recordOn: `far/crm-zdd-${OTHER}` }));
      put(there, `far/crm-zdd-${OTHER}`, recorded({ ...theirs, databases: ['crm', 'sql/shop', 'third/x'] }));
      put(there, 'third/x');
    };
    const seen = await (await looked({ change })).look();
    expect([seen.servers, seen.pairs]).toEqual([['sql'], ['shop']]);
    expect(seen.found).toMatchObject({
      deployment: { record: null, joined: { others: [{ record: theirs }] } },
      unseen: { pointedTo: [], unreadable: [] },
    });
  });
});

test('a server of the inputs without an original is a mistake, until a deployment is open', async () => {
  const both = { 'sql-server': 'sql, far' };
  const idle = await looked({ inputs: both, change: (there) => put(there, 'far/other') });
  await expect(idle.look()).rejects.toThrow('Input sql-server names far, and no database');
  const change = (there: Stage) => {
    put(there, 'far/other');
    put(there, `sql/${CLONE}`, { ...copied('shop'), ...recorded() });
  };
  const open = await (await looked({ inputs: both, change })).look();
  expect(open.servers).toEqual(['sql']);
  const withThird = (there: Stage) => {
    put(there, 'third/till');
    put(there, 'far/other');
    put(there, `sql/${CLONE}`, { ...copied('shop'), ...recorded({ databases: ['shop', 'third/till'] }) });
  };
  const all = { 'sql-server': 'sql, far, third' };
  const some = await (await looked({ phase: 'status', inputs: all, change: withThird })).look();
  expect(some.servers).toEqual(['sql', 'third']);
  expect(open.found?.deployment.record?.deploymentId).toBe(ID);
});

test('while nothing says where the originals are all servers stay', async () => {
  const change = (there: Stage) => put(there, 'far/other');
  const seen = await (await looked({ inputs: { 'sql-server': 'sql, far' }, places: [], change })).look();
  expect([seen.servers, seen.pairs]).toEqual([['far', 'sql'], []]);
});

describe('a record that nobody can read', () => {
  const change = (there: Stage) =>
    put(there, `sql/${CLONE}`, { ...copied('shop'), ...recorded(), 'zdd-lock': 'nonsense' });

  test.each<PhaseName>(['switch', 'preflight'])('stops %s, which decides by it', async (phase) => {
    const { look, missing } = await looked({ phase, change });
    await expect(look()).rejects.toThrow(/zdd-lock/);
    expect(missing.parts).toEqual([]);
  });

  test('leaves the overview without what it says, and with the reason', async () => {
    const { look, missing } = await looked({ phase: 'status', change });
    expect((await look()).found).toBeUndefined();
    expect(missing.parts).toEqual([
      {
        what: 'record of the deployment',
        so: 'how far the deployment has come',
        at: expect.stringMatching(/\/servers\/sql$/),
        why: expect.stringContaining('zdd-lock'),
        stop: expect.objectContaining({ kind: 'drifted' }),
      },
    ]);
  });

  test('that is not in the way leaves the overview whole', async () => {
    const { look, missing } = await looked({ phase: 'status' });
    expect((await look()).pairs).toEqual(['shop']);
    expect(missing.parts).toEqual([]);
  });
});

test('who may not list databases is told so where that may be, and stopped where not', async () => {
  const change = ({ answering }: Stage) =>
    answering(({ url }) => (/\/databases\?/.test(url) ? refusal(403, 'Denied') : undefined));
  const status = await looked({ phase: 'status', change });
  expect((await status.look()).found).toBeUndefined();
  expect(status.missing.parts).toEqual([
    expect.objectContaining({
      what: 'databases of sql',
      so: 'whether a deployment is open',
      at: expect.stringMatching(/\/servers\/sql$/),
      why: expect.stringContaining('Denied'),
    }),
  ]);
  await expect((await looked({ change })).look()).rejects.toThrow('Denied');
});

describe('a list may not show yet what is there', () => {
  const RESTORED = `${CLONE}-restored`;

  test.each<[PhaseName, boolean]>([
    ['rollback', true],
    ['switch', false],
  ])('what a run that ended half-way has restored: %s asks for it: %s', async (phase, asks) => {
    const asked: string[] = [];
    const change = (there: Stage) => {
      for (const name of [CLONE, RESTORED, `crm-zdd-${OTHER}-failed`]) put(there, `sql/${name}`);
      there.answering(({ url }) => {
        const [, name] = /\/databases\/([^/?]*-restored)\?/.exec(url) ?? [];
        if (name !== undefined) asked.push(name);
        return undefined;
      });
    };
    const { look, context } = await looked({ phase, change, hidden: [RESTORED] });
    expect((await look()).named.includes(RESTORED)).toBe(asks);
    expect([...new Set(asked)]).toEqual(asks ? [RESTORED] : []);
    // A list that lags hides no rival of what this run has not made.
    expect(context.known.unlisted).toEqual([]);
  });

  test('an original is asked for by its name', async () => {
    const seen = await (await looked({ hidden: ['shop'] })).look();
    expect([seen.candidates, seen.all]).toEqual([['shop'], ['shop']]);
  });

  test('what this run has made is asked for on its server, and known for unlisted as long as it is', async () => {
    const change = (there: Stage, { known }: Context) => {
      put(there, 'far/stock');
      put(there, `far/${STOCK}`);
      put(there, `sql/${CLONE}`);
      // Of the same name, and made by nobody here.
      put(there, `sql/${STOCK}`);
      for (const key of [STOCK, `sql/${CLONE}`, 'sql/gone-zdd-20260131-k7m2x']) known.made.add(key);
    };
    const { look, context, hidden } = await looked({
      change,
      places: ['sql/shop', 'far/stock'],
      hidden: [CLONE, STOCK],
    });
    const seen = await look();
    expect(seen.named.toSorted()).toEqual([`sql/${CLONE}`, STOCK].toSorted());
    expect(seen.all).toHaveLength(4);
    expect([...context.known.unlisted].toSorted()).toEqual([`sql/${CLONE}`, STOCK].toSorted());
    hidden.splice(0, 1);
    expect((await look()).all).toHaveLength(4);
    expect(context.known.unlisted).toEqual([STOCK]);
    hidden.splice(0, 1);
    expect((await look()).named.toSorted()).toEqual([`sql/${CLONE}`, `sql/${STOCK}`, STOCK].toSorted());
    expect(context.known.unlisted).toEqual([]);
  });
});

test('what is beside the databases is seen with them; where a part of it is refused, who only looks is told so', async () => {
  const inside = async (phase: PhaseName, change: (there: Stage) => void) => {
    const { look, context, missing } = await looked({ phase, change });
    const { found } = await look();
    if (found === undefined) throw new Error('There are databases.');
    return { part: await lookIntoDatabases(context, missing, traitsOf[phase], found, new Map()), missing };
  };
  const record = (there: Stage) => {
    put(there, `sql/${CLONE}`, {
      ...copied('shop'),
      ...recorded({ suspended: ['auto-swap=next'], stoppedApps: [APP] }),
    });
    there.slot('next');
  };
  const whole = await inside('status', record);
  expect(whole.part).toMatchObject({
    servers: [{ name: 'sql' }],
    databases: [{ name: 'shop' }],
    record: { deploymentId: ID },
    otherApps: [{ key: APP, named: false }],
    teamSlots: [{ name: 'next', autoSwapWith: null }],
  });
  const refused = await inside('status', (there) => {
    record(there);
    // Made by nobody who signed it: Azure is asked who did.
    put(there, `sql/${CLONE}-restored`);
    there.answering(({ url }) => (/\/operations\?/.test(url) ? refusal(403, 'Denied') : undefined));
  });
  expect([refused.part, refused.missing.parts.map(({ what }) => what)]).toEqual([undefined, ['databases of sql']]);
});
