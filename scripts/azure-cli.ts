import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../simulator/adapters/simulator.ts';
import { buildPackages } from '../simulator/sample-app/packages.ts';
import { azureCli } from './azure-cli/cli.ts';
import { deployersDay, operatorsDay } from './azure-cli/day.ts';
import { proxyToThisMachine } from './azure-cli/proxy.ts';
import { type Exchange, exchangeOf, recordingOf } from './azure-cli/traffic.ts';

/**
 * Drives the simulator with the Azure CLI, a client that we did not write, through a deployer's and an operator's day:
 * `npm run azure-cli`. Needs `az` (tried with 2.45). Not a part of `npm test`, which replays the same requests: those that
 * `npm run azure-cli -- <file>` wrote last, `__tests__/recordings/azure-cli-day.json`.
 */
const SCALE = 60;
const traffic: Exchange[] = [];
const simulator = await startSimulator({
  timeScale: SCALE,
  hosts: 'names',
  observe: (request, response) => traffic.push(exchangeOf(request, response)),
});
const proxy = await proxyToThisMachine();
const directory = mkdtempSync(join(tmpdir(), 'azure-cli-'));
try {
  mkdirSync(join(directory, 'azure'));
  writeFileSync(join(directory, 'app.zip'), (await buildPackages()).v1);
  const { ready } = simulator;
  const facts = { ...ready, now: new Date(simulator.now() - 60_000).toISOString() };
  const cli = await azureCli(ready, directory, proxy.url);
  await cli.signInByIdentity('app service');
  await cli.signInByIdentity('cloud shell');
  await cli.signInAs(ready.clientId, ready.clientSecret);
  for (const command of deployersDay(facts)) await cli.run(command);
  await cli.signInAs(ready.operatorId, ready.operatorSecret);
  for (const command of operatorsDay(facts)) await cli.run(command);
  if (simulator.unmodelled.length > 0) throw new Error(`Not modelled:\n${simulator.unmodelled.join('\n')}`);
  const [, , file] = process.argv;
  if (file !== undefined) writeFileSync(file, recordingOf(traffic, ready));
  process.stdout.write('The day is over; nothing was asked that is not modelled.\n');
} finally {
  rmSync(directory, { recursive: true, force: true });
  proxy.close();
  await simulator.stop();
}
