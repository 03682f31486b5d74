import { existsSync, readFileSync } from 'node:fs';
import { applyBuild } from '../../src/apply/builds.ts';
import { createArm } from '../../src/azure/client.ts';
import type { Scene } from '../../src/context/scene.ts';
import { readSettings } from '../../src/inputs/inputs.ts';
import { realClock } from '../../src/system/clock.ts';
import { fileBody } from '../../src/system/file-body.ts';
import { send } from '../../src/system/http.ts';
import { actionDefaults } from '../in-process/action-defaults.ts';
import { silentLog } from '../in-process/silent-log.ts';

// Brings a build from production to one slot, and a package to the other, side by side; then prints its peak of memory in KiB.
const [port = '', zip = ''] = process.argv.slice(2);
const SCM = 'scm.azurewebsites.net';

const clock = realClock(1, 'public');
const { signal } = new AbortController();
const arm = await createArm({
  cloud: {
    name: 'public',
    resourceManager: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    armScope: 'https://management.azure.com/.default',
    sqlScope: 'https://database.windows.net/.default',
    vaultSuffix: 'vault.azure.net',
    storageSuffix: 'core.windows.net',
  },
  credential: { getToken: async () => ({ token: 't', expiresOnTimestamp: Date.now() + 86_400_000 }) },
  send: (request, aborted) =>
    send({ ...request, url: request.url.replace(`https://${SCM}`, `http://127.0.0.1:${port}`) }, aborted),
  clock,
  log: silentLog,
  signal,
});
const inputs = { ...actionDefaults(), phase: 'read-only', 'resource-group': 'rg', 'app-name': 'web' };
const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const);
const settings = readSettings({ ...process.env, ...Object.fromEntries(variables) }, () => true);

const slot = (name: string) => ({ name, scmHost: SCM, appSettings: {}, connectionStrings: {}, travelling: {} });
// What bringing builds reads of a scene, and nothing else.
const scene = {
  settings,
  context: { arm, settings, signal, ports: { clock, log: silentLog } },
  observed: {
    app: { windows: true },
    production: slot('production'),
    readonlySlot: slot('zdd-readonly'),
    stagingSlot: slot('zdd-staging'),
    record: null,
  },
} as unknown as Scene;

const { sha256 } = await fileBody(zip);
const because = 'it is measured';
await Promise.all([
  applyBuild(scene, { kind: 'copy-build', slot: 'zdd-readonly', because }),
  applyBuild(scene, {
    kind: 'upload-build',
    slot: 'zdd-staging',
    build: { kind: 'package', path: zip, sha256 },
    because,
  }),
]);
const STATUS = '/proc/self/status';
const mark = existsSync(STATUS) && /VmHWM:\s*(\d+)/.exec(readFileSync(STATUS, 'latin1'))?.[1];
process.stdout.write(String(mark || process.resourceUsage().maxRSS));
