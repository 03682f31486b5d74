import { describe, expect, test } from '@jest/globals';
import type { Context } from '../../src/context/context.ts';
import type { AppLook, Slot } from '../../src/deployment/observed.ts';
import { askForImage, askForPackage, askRegistry, lookAtBuilds } from '../../src/observe/builds.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { stage } from '../apply/scene.ts';
import { ID, PACKAGE, slot } from '../phases/observed.ts';

type Answers = (request: HttpRequest) => { status: number; headers?: Record<string, string> } | undefined;

/** A run with these settings; `undefined` from `answers` is no answer at all. */
async function asking(answers: Answers, inputs: Partial<Settings> = {}) {
  const { scene, warnings, cancelled } = await stage();
  const { context } = scene();
  const asked: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    asked.push(request);
    const given = answers(request);
    if (given === undefined) throw new Error('no route');
    return { headers: {}, body: new Uint8Array(), ...given };
  };
  const own: Context = {
    ...context,
    ports: { ...context.ports, send },
    settings: { ...context.settings, package: undefined, ...inputs },
    known: { ...context.known, deploymentId: ID },
    newBuild: null,
  };
  return { context: own, asked, warnings, cancelled };
}

const [NOW, BEFORE] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
const IMAGE = 'registry.example/shop:2';
const LIVE = 'registry.example/shop:1';
const means = (digest: string) => ({ status: 200, headers: { 'docker-content-digest': digest } });
const running = (image: string, appSettings = {}) =>
  slot('production', { travelling: { linuxFxVersion: `DOCKER|${image}` }, appSettings });
const prepared = (name: string, marker: string, build: string) =>
  slot(name, { appSettings: { ZDD_INSTANCE: marker, ZDD_BUILD: build } });
const STAGED = prepared('zdd-staging', `${ID}/new/0`, `${IMAGE}@${BEFORE}`);
const COPY = prepared('zdd-readonly', `${ID}/read-only/0`, `${LIVE}@${BEFORE}`);

async function looked(
  phase: PhaseName,
  inputs: Partial<Settings>,
  slots: Partial<Pick<AppLook, 'production' | 'readonlySlot' | 'stagingSlot'>> = {},
  answers: Answers = () => means(NOW),
) {
  const run = await asking(answers, inputs);
  const there = { production: slot('production'), readonlySlot: null, stagingSlot: null, ...slots };
  const look = () => lookAtBuilds({ ...run.context, newBuild: PACKAGE }, traitsOf[phase], there);
  return { ...run, look, at: () => run.asked.map(({ method, url }) => `${method} ${new URL(url).pathname}`) };
}

test.each<PhaseName>(['preflight', 'switch', 'complete'])(
  '%s brings no build anywhere: no name is looked up for it, and no registry is in its way',
  async (phase) => {
    const { look, asked } = await looked(phase, { image: IMAGE }, { production: running(LIVE) });
    expect(await look()).toEqual({ newBuild: PACKAGE, liveImage: null });
    expect(asked).toEqual([]);
  },
);

test('a package file is what it is: nobody is asked', async () => {
  const { look, asked } = await looked('deploy', {});
  expect(await look()).toEqual({ newBuild: PACKAGE, liveImage: null });
  expect(asked).toEqual([]);
});

test('a package at a URL is asked for before the window and in it', async () => {
  for (const phase of ['read-only', 'deploy'] as const) {
    const packageUrl = 'https://files.example/shop.zip?sig=x';
    const { look, at } = await looked(phase, { packageUrl }, {}, () => ({ status: 200, headers: { etag: 'e1' } }));
    expect(await look()).toEqual({ newBuild: { kind: 'package-url', url: packageUrl, etag: 'e1' }, liveImage: null });
    expect(at()).toEqual(['HEAD /shop.zip']);
  }
});

describe('the image of the new build', () => {
  const newBuild = (digest: string) => ({ kind: 'image', named: IMAGE, digest });

  test('is in the window the one that the slot was prepared with, though its tag has moved since', async () => {
    const { look, asked } = await looked('deploy', { image: IMAGE }, { stagingSlot: STAGED });
    expect(await look()).toEqual({ newBuild: newBuild(BEFORE), liveImage: null });
    expect(asked).toEqual([]);
  });

  test.each<[string, Slot | null]>([
    ['nothing', null],
    ['another deployment’s', prepared('zdd-staging', '20260130-aaaaa/new/0', `${IMAGE}@${BEFORE}`)],
    ['a copy', prepared('zdd-staging', `${ID}/read-only/0`, `${IMAGE}@${BEFORE}`)],
    ['another name', prepared('zdd-staging', `${ID}/new/0`, `${LIVE}@${BEFORE}`)],
  ])('is looked up where %s was prepared', async (_what, stagingSlot) => {
    const { look, at } = await looked('deploy', { image: IMAGE }, { stagingSlot });
    expect(await look()).toEqual({ newBuild: newBuild(NOW), liveImage: null });
    expect(at()).toEqual(['HEAD /v2/shop/manifests/2']);
  });

  test('is looked up before the window, whatever was prepared: it may be pushed anew until then', async () => {
    const { look } = await looked('read-only', { image: IMAGE }, { stagingSlot: STAGED });
    expect((await look()).newBuild).toEqual(newBuild(NOW));
  });
});

describe('the image of the read-only copy', () => {
  test('is what the tag of production means, until the copy was made: then what it was made with', async () => {
    const first = await looked('read-only', {}, { production: running(LIVE) });
    expect(await first.look()).toEqual({ newBuild: PACKAGE, liveImage: `${LIVE}@${NOW}` });
    const again = await looked('read-only', {}, { production: running(LIVE), readonlySlot: COPY });
    expect(await again.look()).toEqual({ newBuild: PACKAGE, liveImage: `${LIVE}@${BEFORE}` });
    expect(again.asked).toEqual([]);
    const foreign = prepared('zdd-readonly', '20260130-aaaaa/read-only/0', `${LIVE}@${BEFORE}`);
    const anew = await looked('read-only', {}, { production: running(LIVE), readonlySlot: foreign });
    expect((await anew.look()).liveImage).toBe(`${LIVE}@${NOW}`);
  });

  test('is none where production runs files, or several containers', async () => {
    const several = slot('production', { travelling: { linuxFxVersion: 'COMPOSE|eyJ9' } });
    for (const production of [slot('production'), several]) {
      const { look, asked, warnings } = await looked('read-only', {}, { production });
      expect((await look()).liveImage).toBeNull();
      expect([asked, warnings]).toEqual([[], []]);
    }
  });

  test('keeps its tag where the registry does not tell: that stops nobody, and is said', async () => {
    const { look, warnings } = await looked('read-only', {}, { production: running(LIVE) }, () => ({ status: 404 }));
    expect((await look()).liveImage).toBeNull();
    expect(warnings).toEqual([
      expect.stringContaining('named by the tag of production. Image registry.example/shop:1'),
    ]);
  });

  test('is not left to its tag because the run was cancelled', async () => {
    const lab = await looked('read-only', {}, { production: running(LIVE) }, () => {
      lab.cancelled.abort(new Error('cancelled'));
      return { status: 404 };
    });
    await expect(lab.look()).rejects.toThrow('cancelled');
    expect(lab.warnings).toEqual([]);
  });
});

test('a name with a digest says itself which image it means; only whether it is there is to be asked', async () => {
  const { context, asked } = await asking(() => means(NOW));
  const named = `registry.example/shop:2@${BEFORE}`;
  expect(await askForImage(context, named, slot('production'))).toEqual({ kind: 'image', named, digest: BEFORE });
  expect(asked).toEqual([]);
  expect(await askRegistry(context, named, slot('production'))).toEqual({ kind: 'image', named, digest: NOW });
  expect(asked.map(({ url }) => url)).toEqual([`https://registry.example/v2/shop/manifests/${BEFORE}`]);
  await expect(askForImage(context, 'registry.example/Shop:2', slot('production'))).rejects.toThrow(
    'registry.example/Shop:2 is no name of an image.',
  );
});

const [URL_, USER, PASSWORD] = ['URL', 'USERNAME', 'PASSWORD'].map((name) => `DOCKER_REGISTRY_SERVER_${name}`);
const login = (url: string, user = 'me', password = 'Pull-1') => ({
  [String(URL_)]: url,
  [String(USER)]: user,
  [String(PASSWORD)]: password,
});
const [OF_ME, OF_BOT] = ['me:Pull-1', 'bot:Pull-2'].map((text) => `Basic ${Buffer.from(text).toString('base64')}`);

/** Who the registry is shown, when it lets nobody in without a login. */
async function shown(named: string, appSettings: Record<string, string>, inputs: Partial<Settings> = {}) {
  const run = await asking(({ headers }) => (headers.authorization ? means(NOW) : { status: 401 }), inputs);
  await askForImage(run.context, named, slot('production', { appSettings })).catch(() => undefined);
  return run.asked.map(({ headers }) => headers.authorization).at(-1);
}

test.each<[string, string, Record<string, string>, string | undefined]>([
  ['is for the registry of the image', IMAGE, login('https://registry.example'), OF_ME],
  ['may name it with a path, in whatever case', IMAGE, login('HTTPS://Registry.Example/v1/'), OF_ME],
  ['may name it without https', IMAGE, login('Registry.example'), OF_ME],
  ['may name its port', 'registry.example:5000/shop', login('registry.example:5000'), OF_ME],
  ['may name the port of https', IMAGE, login('https://registry.example:443/'), OF_ME],
  ['is handed to no other registry', 'other.example/shop:2', login('https://registry.example'), undefined],
  ['is not for another port', 'registry.example:5000/shop', login('https://registry.example'), undefined],
  ['is for Docker Hub under each of its names', 'team/shop:2', login('https://index.docker.io/v1/'), OF_ME],
  ['of Docker Hub is handed to nobody else', IMAGE, login('https://index.docker.io/v1/'), undefined],
  ['of another one is not handed to Docker Hub', 'team/shop:2', login('https://registry.example'), undefined],
  ['of a host that only sounds like it is not, either', 'team/shop:2', login('https://notdocker.io'), undefined],
  ['needs a user', IMAGE, login('https://registry.example', ''), undefined],
  ['needs a password', IMAGE, login('https://registry.example', 'me', ''), undefined],
  ['needs its password', IMAGE, login('https://registry.example', 'me', '@Microsoft.KeyVault(x)'), undefined],
  ['needs its user', IMAGE, login('https://registry.example', '@Microsoft.KeyVault(x)'), undefined],
])('the login that production pulls with %s', async (_what, named, appSettings, expected) => {
  expect(await shown(named, appSettings)).toBe(expected);
});

test('without any login the registry is asked as anybody, and one in the inputs wins over that of production', async () => {
  expect(await shown(IMAGE, {})).toBeUndefined();
  const appSettings = Object.entries(login('https://registry.example', 'bot', 'Pull-2')).map(([name, value]) => ({
    name,
    value,
  }));
  expect(await shown(IMAGE, login('https://registry.example'), { appSettings })).toBe(OF_BOT);
});

describe('a package at a URL', () => {
  const URL_OF_IT = 'https://files.example/a/shop.zip?sv=1&sig=secret';
  const FETCHED_BY_APP = { WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: '/subscriptions/s/identities/app' };

  async function asked(answers: Answers, appSettings: Record<string, string> = {}) {
    const run = await asking(answers);
    return { ...run, ask: () => askForPackage(run.context, URL_OF_IT, slot('production', { appSettings })) };
  }

  test('is asked for without being fetched, and not for ever', async () => {
    const { ask, asked: requests } = await asked(() => ({ status: 200 }));
    expect(await ask()).toEqual({ kind: 'package-url', url: URL_OF_IT, etag: undefined });
    expect(requests).toEqual([{ method: 'HEAD', url: URL_OF_IT, headers: {}, timeoutMs: 30_000 }]);
  });

  test.each([
    ['its etag', { etag: 'e1', 'last-modified': 'monday' }, 'e1'],
    ['else when it was changed', { 'last-modified': 'monday' }, 'monday'],
  ])('is told from another content by %s', async (_what, headers, etag) => {
    const { ask } = await asked(() => ({ status: 200, headers }));
    expect(await ask()).toEqual({ kind: 'package-url', url: URL_OF_IT, etag });
  });

  test.each([403, 404, 302, 206])(
    'that its host answers with %s is none, and its signature is not told',
    async (status) => {
      const { ask } = await asked(() => ({ status, headers: { etag: 'e1' } }));
      const error = await ask().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        kind: 'failed',
        happened: `The package at https://files.example/a/shop.zip cannot be fetched: its host answered ${status}.`,
      });
      expect(String(error)).not.toContain('secret');
    },
  );

  test('that App Service fetches as the app is not for this run to see: what its host says counts only when it is 200', async () => {
    const refused = await asked(() => ({ status: 403, headers: { etag: 'of the refusal' } }), FETCHED_BY_APP);
    expect(await refused.ask()).toEqual({ kind: 'package-url', url: URL_OF_IT, etag: undefined });
    const seen = await asked(() => ({ status: 200, headers: { etag: 'e1' } }), FETCHED_BY_APP);
    expect(await seen.ask()).toMatchObject({ etag: 'e1' });
  });

  test('whose host gives no answer may give one to the next run, also where the app signs in', async () => {
    for (const appSettings of [{}, FETCHED_BY_APP]) {
      const { ask } = await asked(() => undefined, appSettings);
      await expect(ask()).rejects.toMatchObject({
        kind: 'failed',
        happened: 'The package at https://files.example/a/shop.zip gave no answer (no route).',
        cause: new Error('no route'),
      });
    }
  });

  test('is not missing because the run was cancelled', async () => {
    const lab = await asked(() => void lab.cancelled.abort(new Error('cancelled')));
    await expect(lab.ask()).rejects.toThrow(/^cancelled$/);
  });
});
