import { readFile, rename, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '../src/errors.ts';
import { asVariant } from './adapters/debug-endpoint.ts';
import { namesResolve } from './adapters/hosts.ts';
import type { SimulatorOptions } from './adapters/options.ts';
import { startSimulator } from './adapters/simulator.ts';
import type { Variant } from './model/world.ts';

/** `npm run simulator`: a local Azure until it is interrupted. */
const program = new Command('simulator')
  .description('Runs a local Azure with a sample app, and writes where it is to a file.')
  .requiredOption('--ready-file <file>', 'written as JSON when everything is ready')
  .option('--time-scale <n>', 'how many times as fast as real time Azure works', positive, 1)
  .option('--variant <name...>', 'surprises of Azure to switch on', variants, [])
  .addOption(
    new Option(
      '--hosts <kind>',
      'apps as names below localhost, or as ports; default: names where they resolve',
    ).choices(['names', 'ports']),
  )
  .option('--data <directory>', 'keeps contents, databases and logs there; default: a temporary directory')
  .option('--package <zip>', "production's build; default: version 1 of the sample shop")
  .option('--seed-sql <file>', 'SQL that is run once in the database, with --package')
  .parse();

const { readyFile, seedSql, variant, hosts, ...rest } = program.opts<{
  readyFile: string;
  timeScale: number;
  variant: Variant[];
  hosts?: 'names' | 'ports';
  data?: string;
  package?: string;
  seedSql?: string;
}>();

const simulator = await startSimulator({
  ...rest,
  variants: variant,
  hosts: hosts ?? ((await namesResolve()) ? 'names' : 'ports'),
  ...(await seedOption(seedSql)),
}).catch((error) => program.error(messageOf(error)));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void simulator.stop().then(() => process.exit(0)));
}
// A reader of the file must never see half of it.
await writeFile(`${readyFile}.draft`, `${JSON.stringify(simulator.ready, null, 2)}\n`);
await rename(`${readyFile}.draft`, readyFile);
process.stdout.write(`The simulated Azure is ready at ${simulator.ready.resourceManager}; see ${readyFile}.\n`);

async function seedOption(file: string | undefined): Promise<Pick<SimulatorOptions, 'seedSql'>> {
  if (file === undefined) return {};
  return { seedSql: await readFile(file, 'utf8') };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

function variants(name: string, before: Variant[]): Variant[] {
  try {
    return [...before, asVariant(name)];
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
