import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../simulator/adapters/simulator.ts';

/**
 * Drives the simulator with the Azure CLI, a client that we did not write: signs in, makes a slot, swaps it, copies a
 * database and deletes the copy. Needs `az` (tried with 2.45): `node scripts/check-with-az.ts`.
 */
const simulator = await startSimulator({ timeScale: 60 });
const configuration = mkdtempSync(join(tmpdir(), 'az-'));
try {
  const { ready } = simulator;
  // The ending `/adfs` keeps the CLI from asking login.microsoftonline.com about an authority that it does not know.
  const places = `--endpoint-resource-manager ${ready.resourceManager} --endpoint-active-directory ${ready.authority}/adfs`;
  await az(`cloud register -n Simulated ${places}`);
  await az('cloud set -n Simulated');
  await az(`login --service-principal -u ${ready.clientId} -p=${ready.clientSecret} --tenant ${ready.tenantId}`);

  const app = `-g ${ready.resourceGroup} -n ${ready.appName}`;
  await az(`webapp deployment slot create ${app} --slot staging`);
  await az(`webapp config appsettings set ${app} --slot staging --settings COLOUR=green`);
  await az(`webapp deployment slot swap ${app} --slot staging --target-slot production`);
  const settings = await az(`webapp config appsettings list ${app}`);
  expect('the setting is in production after the swap', settings.includes('"COLOUR"'));

  const server = `-g ${ready.resourceGroup} -s ${ready.sqlServer}`;
  await az(`sql db copy ${server} -n ${ready.database} --dest-name copied`);
  const databases = await az(`sql db list ${server}`);
  expect('the copy is Online', /"name": "copied"[\s\S]*?"status": "Online"/.test(databases));
  await az(`sql db delete ${server} -n copied --yes`);
  expect('nothing unmodelled was asked', simulator.unmodelled.length === 0);
} finally {
  rmSync(configuration, { recursive: true });
  await simulator.stop();
}

function az(command: string): Promise<string> {
  process.stdout.write(`az ${command.replace(/-p=\S+/, '-p=***')}\n`);
  const env = {
    ...process.env,
    AZURE_CONFIG_DIR: configuration,
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    REQUESTS_CA_BUNDLE: simulator.ready.caFile,
  };
  return new Promise((resolve, reject) => {
    const child = spawn('az', [...command.split(' '), '-o', 'json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`az ${command.split(' ', 3).join(' ')} ended with ${code}.`)),
    );
  });
}

function expect(what: string, holds: boolean): void {
  if (!holds) throw new Error(`Expected that ${what}.`);
  process.stdout.write(`  ${what}\n`);
}
