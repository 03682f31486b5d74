import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AzureCliCredential, ChainedTokenCredential, EnvironmentCredential } from '@azure/identity';
import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '../../src/errors.ts';
import { send } from '../../src/system/http.ts';
import { sql } from '../../src/system/sql.ts';
import { narrator } from '../demo/narrator.ts';
import { SCENARIOS } from '../demo/scenarios.ts';
import { machineClock, speakTo } from './azure.ts';
import { reportOf } from './report.ts';
import { runConformance, type Seen } from './run.ts';
import { playScenarios } from './scenarios.ts';

/** `npm run conformance`: asks Azure itself what the simulator and the action take for true. */
const names = SCENARIOS.map(({ name }) => name);
const program = new Command('conformance')
  .description('Makes resource groups of its own in Azure, asks Azure, removes them, and writes down what it saw.')
  .requiredOption('--subscription <id>', 'where the resource groups are made')
  .requiredOption('--location <region>', 'such as westeurope')
  .addOption(
    new Option('--scenario <name...>', "the demo's scenarios to play with visitors and the shipped action")
      .choices([...names, 'none', 'all'])
      .default(['happy']),
  )
  .option('--no-questions', 'only the scenarios')
  .option('--resource-manager <url>', 'another Azure, such as the simulated one', 'https://management.azure.com')
  .option('--sql-port <port>', 'where that Azure listens for SQL', Number, 1433)
  .option('--time-scale <n>', 'how many times as fast as Azure that Azure works', positive, 1)
  .option('--action <folder>', 'another build of the action to try', join(import.meta.dirname, '../..'))
  .option('--output <directory>', 'where report.md and traffic.json are written', 'conformance-report')
  .option('--yes', 'begins without asking; the price is said all the same', false)
  .parse();

const options = program.opts<{
  subscription: string;
  location: string;
  scenario: readonly string[];
  questions: boolean;
  resourceManager: string;
  sqlPort: number;
  timeScale: number;
  action: string;
  output: string;
  yes: boolean;
}>();
const { subscription, location, output, timeScale, action, sqlPort } = options;
const resourceManager = options.resourceManager.replace(/\/$/, '');
const scenarios = SCENARIOS.filter(({ name }) => options.scenario.includes('all') || options.scenario.includes(name));

const PRICE = `This makes a plan S1 (about 0.10 USD an hour), a server, and up to six databases S0 (about 0.02 USD an hour each) in ${location},
and the same once more for each of ${scenarios.length} scenarios (${scenarios.map(({ name }) => name).join(', ') || 'none'}), one after another.
The questions take about an hour, for less than 0.30 USD, a scenario about half an hour, for less than 0.20 USD; everything is removed at the end.
What a killed run leaves is removed by the next one, four hours later at the earliest; its name begins with zdd-conformance-.\n`;
process.stdout.write(PRICE);
if (!options.yes) program.error('Begin with --yes.');

// Only Azure's own authorities are known to the service that tells of authorities.
const disableInstanceDiscovery = !resourceManager.includes('management.azure.com');
const credential = new ChainedTokenCredential(
  new EnvironmentCredential({ disableInstanceDiscovery }),
  new AzureCliCredential(),
);
const token = async () => (await credential.getToken('https://management.azure.com/.default')).token;
const azure = speakTo({ send, sql, clock: machineClock(timeScale), token, resourceManager, sqlPort });
const spot = { subscription, location, id: Date.now().toString(36) };
const failed = (error: unknown) => program.error(messageOf(error));
const seen: Seen = options.questions
  ? await runConformance(azure, spot).catch(failed)
  : { facts: [], differences: [], traffic: [], swept: [] };
const tell = narrator(Date.now() - process.uptime() * 1000, (line) => console.log(line), process.stdout.isTTY === true);
const at = { resourceManager, subscriptionId: subscription, sqlPort, ...whoeverAsks() };
const played = await playScenarios({ azure, at, spot, action, timeScale }, scenarios, tell).catch(failed);

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const about = { at: new Date().toISOString().slice(0, 10), commit, where: `${resourceManager}, ${location}` };
const report = reportOf(seen, about, played);
mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'report.md'), report);
writeFileSync(join(output, 'traffic.json'), `${JSON.stringify(seen.traffic, null, 1)}\n`);
process.stdout.write(`${report}\nWritten to ${output}. Send back both files: nothing private is in them.\n`);
const isOtherwise = seen.facts.some(({ verdict }) => verdict === 'otherwise' || verdict === 'not asked');
const isBroken = played.some(({ checks }) => checks.some(({ held }) => held === false));
process.exitCode = isOtherwise || isBroken ? 1 : 0;

/** The same identity as asks here, and the addresses that it needs. */
function whoeverAsks() {
  const { AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_TENANT_ID = '' } = process.env;
  const { AZURE_AUTHORITY_HOST, NODE_EXTRA_CA_CERTS } = process.env;
  return {
    tenantId: AZURE_TENANT_ID,
    deployer: AZURE_CLIENT_SECRET && AZURE_CLIENT_ID,
    secrets: AZURE_CLIENT_SECRET ? { AZURE_CLIENT_SECRET } : {},
    ...(AZURE_AUTHORITY_HOST && { authority: AZURE_AUTHORITY_HOST }),
    ...(NODE_EXTRA_CA_CERTS && { caFile: NODE_EXTRA_CA_CERTS }),
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
