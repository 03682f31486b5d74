import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AzureCliCredential, ChainedTokenCredential, EnvironmentCredential } from '@azure/identity';
import { Command } from 'commander';
import { messageOf } from '../../src/errors.ts';
import { send } from '../../src/system/http.ts';
import { machineClock, speakTo } from './azure.ts';
import { reportOf } from './report.ts';
import { runConformance } from './run.ts';

/** `npm run conformance`: asks Azure itself what the simulator and the action take for true. */
const program = new Command('conformance')
  .description('Makes a resource group of its own in Azure, asks Azure, removes it, and writes down what it saw.')
  .requiredOption('--subscription <id>', 'where the resource group is made')
  .requiredOption('--location <region>', 'such as westeurope')
  .option('--resource-manager <url>', 'another Azure, such as the simulated one', 'https://management.azure.com')
  .option('--output <directory>', 'where report.md and traffic.json are written', 'conformance-report')
  .option('--yes', 'begins without asking; the price is said all the same', false)
  .parse();

const { subscription, location, resourceManager, output, yes } = program.opts<{
  subscription: string;
  location: string;
  resourceManager: string;
  output: string;
  yes: boolean;
}>();

const PRICE = `This makes a plan S1 (about 0.10 USD an hour), a server, and up to three databases S0 (about 0.02 USD an hour each) in ${location}.
A run takes about half an hour and costs less than 0.20 USD; everything is removed at its end. What a killed run leaves
is removed by the next one, four hours later at the earliest; its name begins with zdd-conformance-.\n`;
process.stdout.write(PRICE);
if (!yes) program.error('Begin with --yes.');

// Only Azure's own authorities are known to the service that tells of authorities.
const disableInstanceDiscovery = !resourceManager.includes('management.azure.com');
const credential = new ChainedTokenCredential(
  new EnvironmentCredential({ disableInstanceDiscovery }),
  new AzureCliCredential(),
);
const token = async () => (await credential.getToken('https://management.azure.com/.default')).token;
const azure = speakTo({ send, clock: machineClock, token, resourceManager: resourceManager.replace(/\/$/, '') });
const id = Date.now().toString(36);
const seen = await runConformance(azure, { subscription, location, id }).catch((error: unknown) =>
  program.error(messageOf(error)),
);
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const about = { at: new Date().toISOString().slice(0, 10), commit, where: `${resourceManager}, ${location}` };
mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'report.md'), reportOf(seen, about));
writeFileSync(join(output, 'traffic.json'), `${JSON.stringify(seen.traffic, null, 1)}\n`);
process.stdout.write(
  `${reportOf(seen, about)}\nWritten to ${output}. Send back both files: nothing private is in them.\n`,
);
process.exitCode = seen.facts.some(({ verdict }) => verdict === 'otherwise' || verdict === 'not asked') ? 1 : 0;
