import { expect, test } from '@jest/globals';
import { gunzipSync } from 'fflate';
import { type Build, buildFiles, type Kind } from '../../../../simulator/model/app/build.ts';
import { rowsOf } from '../../../../simulator/model/sql/rows.ts';
import { restart } from '../../../../simulator/model/web/instances.ts';
import { slotOf } from '../../../../simulator/model/web/lookup.ts';
import { type Caller, callerOn, SITE } from '../web/caller.ts';

const PRODUCTION = 'https://web.azurewebsites.net';

/** A world whose production runs such an app, and has asked its database already. */
function keeping(kind: Kind, build: Partial<Build> = {}): Caller {
  return callerOn({ build: { name: 'shop', version: '1', ...build, ...kind } });
}

const sessions = ({ world }: Caller) => Object.values(world.sql.sessions);
const shop = ({ world }: Caller) => {
  const database = world.sql.servers.sql?.databases.shop;
  if (database === undefined) throw new Error('The world has no database shop.');
  return database;
};
const visit = (caller: Caller, path = '/') => caller.send('GET', `${PRODUCTION}${path}`).status;
const write = (caller: Caller) => caller.send('POST', `${PRODUCTION}/?id=visit`).status;

test('an app that redirects to https answers visitors of the front end, and 307 to plain http', () => {
  const caller = keeping({ redirectsToHttps: true });
  expect(visit(caller)).toBe(200);
  const plain = caller.send('GET', 'http://web.azurewebsites.net/health?x=1');
  expect([plain.status, plain.headers.location]).toEqual([307, 'https://web.azurewebsites.net/health?x=1']);
});

test('an app that asks to sign in answers 401, but on its open paths', () => {
  const caller = keeping({ asksToSignIn: { except: ['/health'] } });
  expect([visit(caller), visit(caller, '/health')]).toEqual([401, 200]);
});

test('an app with a filter of its own answers 403 to other addresses', () => {
  expect([visit(keeping({ letsInOnly: ['10.'] })), visit(keeping({ letsInOnly: ['198.51.'] }))]).toEqual([403, 200]);
});

test('an app that connects for an instant, or never, shows no session', () => {
  for (const [kind, taken] of [
    ['for-an-instant', 201],
    ['none', 405],
  ] as const) {
    const caller = keeping({ sessions: kind }, { writesOnStart: true });
    expect([visit(caller), write(caller)]).toEqual([200, taken]);
    expect(sessions(caller)).toEqual([]);
  }
  expect(sessions(keeping({}))).toHaveLength(1);
});

test('Prisma’s driver says neither from which host nor from which process it comes', () => {
  const [session] = sessions(keeping({ driver: 'tiberius' }));
  expect(session).toMatchObject({ hostName: '', hostProcessId: 0, programName: 'tiberius' });
});

test.each([
  ['Prisma’s address', 'sqlserver://sql.database.windows.net:1433;database=shop;user=zddadmin;password=Simulated-1'],
  [
    'JSON',
    '{"Sinks":[{"connectionString":"Server=tcp:sql,1433;Database=shop;User ID=zddadmin;Password=Simulated-1"}]}',
  ],
])('an app may find its database in an app setting: %s', (_, value) => {
  const caller = keeping({ connectsBy: ['DATABASE'] });
  caller.send('PUT', `${SITE}/config/connectionstrings`, { properties: {} });
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { DATABASE: value } });
  caller.wait(60_000);
  expect([visit(caller), sessions(caller).length]).toEqual([200, 1]);
});

test('files that visitors send are kept on the app’s own disk, and SCM tells since when', () => {
  const caller = keeping({ keepsUploadsIn: 'media' });
  caller.wait(3_600_000);
  expect(caller.send('POST', `${PRODUCTION}/media/cat.jpg`, new Uint8Array([1, 2])).status).toBe(201);
  expect([visit(caller, '/media/cat.jpg'), visit(caller, '/media/dog.jpg')]).toEqual([200, 404]);
  const list = caller.send('GET', 'https://web.scm.azurewebsites.net/api/vfs/site/wwwroot/media/');
  expect(JSON.parse(list.text)).toMatchObject([{ name: 'cat.jpg', mtime: new Date(caller.now()).toISOString() }]);
  const root = JSON.parse(caller.send('GET', 'https://web.scm.azurewebsites.net/api/vfs/site/wwwroot/').text);
  const [build] = root.filter(({ name }: { name: string }) => name === 'build.json');
  expect(Date.parse(build.mtime)).toBeLessThan(caller.now() - 3_000_000);
});

test('a build that takes a minute to start is not there before', () => {
  const caller = keeping({ startMs: 60_000 });
  restart(caller.world, slotOf(caller.world, 'web', 'production'), caller.now());
  caller.wait(59_000);
  expect(visit(caller)).toBe(503);
  caller.wait(1_000);
  expect(visit(caller)).toBe(200);
});

test('background work writes by itself; a read-only database refuses it, and elsewhere nobody does', () => {
  const caller = keeping({ works: { everyMs: 60_000, on: 'database' } });
  caller.wait(10 * 60_000);
  const before = rowsOf(caller.world, shop(caller).contentId).length;
  expect(before).toBeGreaterThanOrEqual(9);
  shop(caller).isReadOnly = true;
  caller.wait(10 * 60_000);
  expect(rowsOf(caller.world, shop(caller).contentId)).toHaveLength(before);
  expect(Object.values(caller.world.web.apps)).toMatchObject([{ refusedWork: 10 }]);
  const mails = keeping({ works: { everyMs: 60_000, on: 'elsewhere' } });
  mails.wait(5 * 60_000 + 10_000);
  expect(mails.world.web.elsewhere).toHaveLength(5);
  expect(mails.world.web.elsewhere[0]).toMatchObject({ slot: 'production', by: '1' });
});

test('a build may refuse writes however it is configured, or take them where no database refuses them', () => {
  expect(write(keeping({ alwaysReadOnly: true }))).toBe(503);
  const caller = keeping({ writesElsewhere: true });
  shop(caller).isReadOnly = true;
  expect(write(caller)).toBe(201);
  expect(caller.world.web.elsewhere).toMatchObject([{ id: 'visit' }]);
});

test('a build that needs to write is unhealthy on a database that it may only read', () => {
  const caller = keeping({ needsToWrite: true });
  expect(visit(caller)).toBe(200);
  shop(caller).isReadOnly = true;
  expect(visit(caller)).toBe(500);
});

test('one answer in a hundred is 502', () => {
  const caller = keeping({ failsOneIn: 100 });
  const statuses = Array.from({ length: 200 }, () => visit(caller));
  expect(statuses.filter((status) => status === 502)).toHaveLength(2);
});

test('an answer may be compressed, and another one may never end', () => {
  const compressed = keeping({ answers: 'compressed' }).send('GET', `${PRODUCTION}/`);
  expect(compressed.headers['content-encoding']).toBe('gzip');
  expect(JSON.parse(new TextDecoder().decode(gunzipSync(compressed.bytes)))).toMatchObject({ version: '1' });
  const caller = keeping({ answers: 'endless' });
  expect(caller.send('GET', `${PRODUCTION}/`).isEndless).toBe(true);
});

test('files without an app have no page at the root', () => {
  const [[name, bytes] = []] = Object.entries(buildFiles({ name: 'shop', version: '1' }));
  const caller = callerOn({ files: { [`shop/${name}`]: bytes ?? new Uint8Array() } });
  expect([visit(caller), visit(caller, '/health')]).toEqual([403, 404]);
});
