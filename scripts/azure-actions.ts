import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../simulator/adapters/simulator.ts';
import { buildPackages } from '../simulator/sample-app/packages.ts';
import { azureCli } from './azure-cli/cli.ts';
import { proxyToThisMachine } from './azure-cli/proxy.ts';
import { type Exchange, exchangeOf, recordingOf } from './azure-cli/traffic.ts';

/**
 * Drives the simulator with the library with which azure/webapps-deploy and azure/appservice-settings work, unchanged:
 * `npm run azure-actions`, about two minutes. Needs `az`, which the library asks for its token. Not a part of `npm test`,
 * which replays the same requests: those that `npm run azure-actions -- <file>` wrote last, `__tests__/recordings/azure-actions-day.json`.
 */
const LIBRARY = 'azure-actions-appservice-rest@1.3.34';
/** Those actions run on Node 20; on later ones the library fails, which calls functions of Node that are gone. */
const NODE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const NODE_VERSION = '20.20.2';
const SLOT = 'byhand';

const traffic: Exchange[] = [];
const simulator = await startSimulator({
  timeScale: 60,
  hosts: 'names',
  observe: (request, response) => traffic.push(exchangeOf(request, response)),
});
const proxy = await proxyToThisMachine();
const directory = mkdtempSync(join(tmpdir(), 'azure-actions-'));
try {
  install();
  mkdirSync(join(directory, 'azure'));
  writeFileSync(join(directory, 'app.zip'), (await buildPackages()).v1);
  const { ready } = simulator;
  const cli = await azureCli(ready, directory, proxy.url);
  await cli.signInAs(ready.clientId, ready.clientSecret);
  await cli.run({ az: `webapp deployment slot create -g ${ready.resourceGroup} -n ${ready.appName} --slot ${SLOT}` });
  const { code, output } = await deploy({
    ...cli.environment,
    NODE_EXTRA_CA_CERTS: ready.caFile,
    APP: ready.appName,
    SLOT,
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_REPOSITORY: 'shop/shop',
    GITHUB_ACTOR: 'ada',
    RUNNER_TEMP: directory,
  });
  if (code !== 0) throw new Error(`The library ended with ${code}:\n${output}`);
  if (simulator.unmodelled.length > 0) throw new Error(`Not modelled:\n${simulator.unmodelled.join('\n')}`);
  const [, , file] = process.argv;
  if (file !== undefined) writeFileSync(file, recordingOf(traffic, ready));
  process.stdout.write(`${LIBRARY}: ${traffic.length} requests, each answered as the library expects.\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
  proxy.close();
  await simulator.stop();
}

/** One of its dependencies is a placeholder for Node's own `fs`, which not every registry has: an empty package takes its place. */
function install(): void {
  mkdirSync(join(directory, 'fs'));
  writeFileSync(join(directory, 'fs/package.json'), '{"name":"fs","version":"0.0.1"}');
  writeFileSync(join(directory, 'package.json'), '{"private":true,"overrides":{"fs":"file:./fs"}}');
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['install', ...options, LIBRARY, `${NODE}@${NODE_VERSION}`], {
    cwd: directory,
    stdio: 'inherit',
  });
  const program = readFileSync(new URL('azure-actions/deploy.ts', import.meta.url), 'utf8');
  writeFileSync(join(directory, 'deploy.mjs'), stripTypeScriptTypes(program));
}

function deploy(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  return new Promise((done, failed) => {
    const child = spawn(join(directory, 'node_modules', NODE, 'bin/node'), ['deploy.mjs'], { cwd: directory, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.once('error', failed);
    child.once('close', (code) => done({ code, output }));
  });
}
