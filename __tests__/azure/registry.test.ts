import { expect, test } from '@jest/globals';
import { modelPorts } from '../../simulator/in-process/model-ports.ts';
import { armInProcess } from '../../simulator/in-process/run-in-process.ts';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { buildFiles } from '../../simulator/model/app/build.ts';
import { createWorld, EPOCH } from '../../simulator/model/create-world.ts';
import { addImage } from '../../simulator/model/web/image.ts';
import { imageDigest } from '../../src/azure/registry.ts';
import type { HttpRequest } from '../../src/ports.ts';

const LOGIN = { user: 'shop', password: 'Right-1' };

/** A registry with one image, and who may pull it. */
async function lab(host: string, about: { readonly asksForIdentity?: boolean; readonly login?: typeof LOGIN } = {}) {
  const world = createWorld();
  const [clientId = ''] = Object.keys(world.principals);
  const digest = addImage(
    world,
    { reference: `DOCKER|${host}/team/shop:1`, files: buildFiles({ name: 'shop', version: '1' }), ...about },
    EPOCH,
  );
  const sent: HttpRequest[] = [];
  const secrets: string[] = [];
  const log = { ...silentLog, secret: (value: string) => void secrets.push(value) };
  const run = () => Promise.reject(new Error('No command was expected.'));
  const model = modelPorts({ world, clock: virtualClock(EPOCH), clientId, run, log });
  const ports: typeof model = {
    ...model,
    send: (request, signal) => {
      sent.push(request);
      return model.send(request, signal);
    },
  };
  const arm = await armInProcess(ports, clientId, new AbortController().signal);
  const wanted = { named: `${host}/team/shop:1`, host, repository: 'team/shop', reference: '1' };
  const registry = world.web.registries[host];
  if (!registry) throw new Error('There is no registry.');
  return {
    digest,
    sent,
    secrets,
    registry,
    clientId,
    challenged: (header: string) =>
      imageDigest(
        arm,
        async (request) => {
          sent.push(request);
          return { status: 401, headers: { 'www-authenticate': header }, body: new Uint8Array() };
        },
        wanted,
        LOGIN,
      ),
    ask: (login?: typeof LOGIN, reference = '1') => imageDigest(arm, ports.send, { ...wanted, reference }, login),
  };
}

test('a public image is known to everybody, and nobody but Azure is handed a token of Azure', async () => {
  const { ask, digest, sent, clientId } = await lab('registry.example.com');
  expect(await ask()).toBe(digest);
  expect(sent.every((request) => !JSON.stringify(request).includes(clientId))).toBe(true);
});

test('a login is masked in the form in which it is sent', async () => {
  const { ask, digest, secrets } = await lab('registry.example.com', { login: LOGIN });
  expect(await ask(LOGIN)).toBe(digest);
  expect(secrets).toContain(btoa('shop:Right-1'));
});

test.each(['https://', 'https://[', 'http://registry.example.com/token', 'file:///etc/passwd', ''])(
  'a challenge that leads to "%s" is a refusal, and nobody is handed the login',
  async (realm) => {
    const { challenged, sent } = await lab('registry.example.com');
    await expect(challenged(`Bearer realm="${realm}",service="x"`)).rejects.toMatchObject({
      kind: 'failed',
      happened: expect.stringContaining('cannot be looked up'),
    });
    expect(sent.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  },
);

test('an Azure Container Registry lets in the identity of the run that may pull', async () => {
  const { ask, digest, registry, clientId, secrets } = await lab('shop.azurecr.io', { asksForIdentity: true });
  await expect(ask()).rejects.toThrow('its registry lets in neither this run nor anybody');
  registry.pullers.push(clientId);
  expect(await ask()).toBe(digest);
  expect(secrets).toContain('repository:team/shop:pull');
});

test.each([
  [
    'a wrong login',
    { ...LOGIN, password: 'wrong' },
    '1',
    'lets in neither this run nor anybody',
    '<name>@sha256:<digest>',
  ],
  ['no such tag', LOGIN, '2', 'has no such image', 'Push the image first'],
])('%s is said, with what would help', async (_what, login, reference, said, next) => {
  const { ask } = await lab('shop.azurecr.io', { login: LOGIN });
  await expect(ask(login, reference)).rejects.toMatchObject({
    happened: expect.stringContaining(said),
    next: expect.stringContaining(next),
  });
});
