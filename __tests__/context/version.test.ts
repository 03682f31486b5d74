import { expect, test } from '@jest/globals';
import { versionAt, versionsOf } from '../../src/context/version.ts';
import type { SeenSlots } from '../../src/deployment/partial-look.ts';
import type { VersionSource } from '../../src/settings/probes.ts';
import { sketch } from '../apply/sketch.ts';
import { slot } from '../phases/observed.ts';

/** What is read of an instance that answers so. */
function read(text: string, source: VersionSource, status = 200, headers = {}): Promise<string | undefined> {
  const { scene } = sketch({ site: () => ({ status, text, headers }) });
  return versionAt(scene(), 'shop.example', source);
}

const body = { kind: 'body', path: '/version' } as const;
const json = (pointer: string) => ({ kind: 'json', path: '/version', pointer }) as const;

test('the version is the whole answer, a header, or a member of it, without white space around', async () => {
  expect(await read(' 1.2\n', body)).toBe('1.2');
  const header = { kind: 'header', path: '/', header: 'X-Version' } as const;
  expect(await read('page', header, 200, { 'x-version': ' 1.3 ' })).toBe('1.3');
  expect(await read('page', header)).toBeUndefined();
  expect(await read('{"build":{"version":"1.4"}}', json('/build/version'))).toBe('1.4');
});

test('an answer that is an error, and none at all, say no version', async () => {
  expect(await read('1.2', body, 399)).toBe('1.2');
  expect(await read('1.2', body, 400)).toBeUndefined();
  const { scene } = sketch({ site: () => undefined });
  expect(await versionAt(scene(), 'shop.example', body)).toBeUndefined();
});

/** RFC 6901 */
test.each<[string, string, string | undefined]>([
  ['', '"1.2"', '1.2'],
  ['/a~1b/m~0n', '{"a/b":{"m~n":7}}', '7'],
  ['/list/1', '{"list":["a","b"]}', 'b'],
  ['/off', '{"off":false}', 'false'],
  ['/none', '{"version":"1.2"}', undefined],
  ['/none', '{"none":null}', undefined],
  ['/none/deeper', '{"none":null}', undefined],
  // The text has a member 0 and a length, and is no object.
  ['/version/0', '{"version":"1.2"}', undefined],
  ['/version', 'no JSON', undefined],
])('the pointer "%s" into %s leads to %s', async (pointer, text, version) => {
  expect(await read(text, json(pointer))).toBe(version);
});

const PRODUCTION = slot('production');
const READONLY = slot('zdd-readonly');
const STAGING = slot('zdd-staging');

/** What is told of these slots, each of which answers with a text of its own. */
async function told(slots: Partial<SeenSlots>, texts: Readonly<Record<string, string>> = {}) {
  const { scene, asked } = sketch({
    inputs: { 'version-source': 'body /version' },
    site: ({ host }) => ({ status: 200, text: texts[host] ?? `of ${host.split('.')[0]}` }),
  });
  const seen = { production: undefined, readonlySlot: null, stagingSlot: undefined, ...slots };
  return { ...(await versionsOf(scene(), seen)), asked };
}

test('every slot that runs is asked for its version, and no other', async () => {
  const all = { production: PRODUCTION, readonlySlot: READONLY, stagingSlot: STAGING };
  expect((await told(all)).versions).toEqual({
    production: 'of shop-production',
    'zdd-readonly': 'of shop-zdd-readonly',
    'zdd-staging': 'of shop-zdd-staging',
  });
  const { appSettings: _, connectionStrings: __, ...unread } = STAGING;
  const stopped = { production: PRODUCTION, readonlySlot: { ...READONLY, state: 'Stopped' }, stagingSlot: unread };
  const some = await told(stopped);
  expect(Object.keys(some.versions)).toEqual(['production']);
  expect(some.asked).toHaveLength(1);
  expect((await told({})).versions).toEqual({});
});

test('a page is no version, nor is what is empty or longer than one line of sixty', async () => {
  const versionOf = async (text: string) =>
    (await told({ production: PRODUCTION }, { [PRODUCTION.host]: text })).versions.production;
  expect(await versionOf('v'.repeat(60))).toBe('v'.repeat(60));
  for (const none of ['v'.repeat(61), '<h1>1.2</h1>', '1\n2', '']) expect(await versionOf(none)).toBeUndefined();
});
