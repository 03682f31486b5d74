import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { startSimulator } from '../simulator/adapters/simulator.ts';
import { azureCli } from './azure-cli/cli.ts';
import { proxyToThisMachine } from './azure-cli/proxy.ts';

/**
 * The action from a laptop, with the session of the Azure CLI itself: `npm run az-session`, a minute. Needs `az` (tried with 2.45). A
 * test has a stub in its place (`__tests__/scenarios/without-github.test.ts`): this shows that the CLI answers what it asks.
 */
const RUNS = [
  { phases: 'status', shows: /No deployment is open/ },
  // With a token for the databases, too.
  { phases: 'clone', shows: /\nstate=cloned\n/ },
  { phases: 'cleanup', shows: /\nstate=none\n/ },
];

const simulator = await startSimulator({ timeScale: 60 });
const proxy = await proxyToThisMachine();
const directory = mkdtempSync(join(tmpdir(), 'az-session-'));
try {
  mkdirSync(join(directory, 'azure'));
  const { ready } = simulator;
  const cli = await azureCli(ready, directory, proxy.url);
  await cli.signInAs(ready.clientId, ready.clientSecret);
  await cli.run({ az: `account set --subscription ${ready.subscriptionId}` });
  for (const { phases, shows } of RUNS) {
    const { code, said } = await action(phases, cli.environment);
    process.stdout.write(`\nnode dist/cli.js ${phases} …\n${said}`);
    if (code !== 0 || !shows.test(said)) throw new Error(`It ended with ${code}, and must show ${shows}.`);
  }
  if (simulator.unmodelled.length > 0) throw new Error(`Not modelled:\n${simulator.unmodelled.join('\n')}`);
  process.stdout.write('\nThe session of the Azure CLI was all that was needed.\n');
} finally {
  rmSync(directory, { recursive: true, force: true });
  proxy.close();
  await simulator.stop();
}

/** Nothing of an identity is in its environment: it finds out by itself who is signed in. */
async function action(phases: string, environment: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const { ready } = simulator;
  const app = ['--resource-group', ready.resourceGroup, '--app-name', ready.appName, '--health-path', '/health'];
  const where = ['--azure-environment', ready.resourceManager, '--subscription-id', ready.subscriptionId];
  const child = spawn(process.execPath, [resolve('dist/cli.js'), phases, ...app, ...where], {
    cwd: directory,
    env: { ...environment, NODE_EXTRA_CA_CERTS: ready.caFile, ZDD_CLOCK_RATE: String(ready.timeScale) },
  });
  const [outputs, log, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, said: `${log}${outputs}` };
}
