import { expect, test } from '@jest/globals';
import { buildFiles } from '../../../../simulator/model/app/build.ts';
import { request } from '../../../../simulator/model/model.ts';
import { pack } from '../../../../simulator/model/web/content.ts';
import { addImage } from '../../../../simulator/model/web/image.ts';
import { storePackage } from '../../../../simulator/model/web/stored-package.ts';
import { bodyOf, type Caller, callerOn, SITE } from './caller.ts';

const APP = 'https://web.azurewebsites.net/';
const TAG = 'DOCKER|shop.azurecr.io/team/shop:latest';

/** Pushes version `version` of an image under that tag. */
function push(caller: Caller, version: string, about: { login?: { user: string; password: string } } = {}): string {
  const files = buildFiles({ name: 'shop', version });
  return addImage(caller.world, { reference: TAG, files, ...about }, caller.now());
}

function run(caller: Caller, linuxFxVersion: string): void {
  caller.send('PATCH', `${SITE}/config/web`, { properties: { linuxFxVersion } });
  caller.wait(60_000);
}

const version = (caller: Caller) => bodyOf(caller.send('GET', APP)).version;

test('a tag means what it means when the process starts; a digest means one image for ever', () => {
  const caller = callerOn({ linux: true });
  const first = push(caller, '1');
  run(caller, TAG);
  const second = push(caller, '2');
  expect([version(caller), first === second]).toEqual(['1', false]);
  caller.send('POST', `${SITE}/restart`);
  caller.wait(60_000);
  expect(version(caller)).toBe('2');
  run(caller, `DOCKER|shop.azurecr.io/team/shop@${first}`);
  expect(version(caller)).toBe('1');
});

test('an image that is not there, or whose registry wants another login, does not start', () => {
  const caller = callerOn({ linux: true });
  push(caller, '1', { login: { user: 'shop', password: 'right' } });
  run(caller, TAG);
  expect(caller.send('GET', APP).status).toBe(503);
  const properties = { DOCKER_REGISTRY_SERVER_USERNAME: 'shop', DOCKER_REGISTRY_SERVER_PASSWORD: 'right' };
  caller.send('PUT', `${SITE}/config/appsettings`, { properties });
  caller.wait(60_000);
  expect(version(caller)).toBe('1');
  run(caller, 'DOCKER|shop.azurecr.io/team/shop:nobody-pushed-it');
  expect(caller.send('GET', APP).status).toBe(503);
});

test('a registry says what a tag means to who comes with the token that it asks for', () => {
  const caller = callerOn({ linux: true });
  const login = { user: 'shop', password: 'right' };
  const digest = push(caller, '1', { login });
  const ask = (path: string, headers: Record<string, string> = {}) =>
    request(
      caller.world,
      { method: 'GET', url: `https://shop.azurecr.io${path}`, headers, from: '203.0.113.7' },
      caller.now(),
    );
  const manifest = '/v2/team/shop/manifests/latest';
  const challenge = ask(manifest).headers['www-authenticate'];
  expect(challenge).toBe(
    'Bearer realm="https://shop.azurecr.io/oauth2/token",service="shop.azurecr.io",scope="repository:team/shop:pull"',
  );
  const token = '/oauth2/token?service=shop.azurecr.io&scope=repository:team/shop:pull';
  expect(ask(token).status).toBe(401);
  const given = ask(token, { authorization: `Basic ${btoa('shop:right')}` });
  const { access_token } = JSON.parse(new TextDecoder().decode(given.body));
  const answer = ask(manifest, { authorization: `Bearer ${access_token}` });
  expect([answer.status, answer.headers['docker-content-digest']]).toEqual([200, digest]);
});

test('a package at a URL is fetched whenever the process starts, and not after its signature has ended', () => {
  const caller = callerOn();
  const store = (name: string) =>
    storePackage(
      caller.world,
      'https://store.blob.core.windows.net/b/1.zip?sig=s',
      pack(buildFiles({ name: 'shop', version: name })),
      caller.now(),
    );
  store('packed');
  const until = new Date(caller.now() + 600_000).toISOString();
  const url = `https://store.blob.core.windows.net/b/1.zip?se=${until}&sig=s`;
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { WEBSITE_RUN_FROM_PACKAGE: url } });
  caller.wait(60_000);
  store('packed anew');
  expect(version(caller)).toBe('packed');
  caller.send('POST', `${SITE}/restart`);
  caller.wait(60_000);
  expect(version(caller)).toBe('packed anew');
  caller.wait(600_000);
  caller.send('POST', `${SITE}/restart`);
  caller.wait(60_000);
  expect(caller.send('GET', APP).status).toBe(503);
});
