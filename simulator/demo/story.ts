import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../src/errors.ts';
import { askProduction } from './ask-production.ts';
import type { Content } from './content.ts';
import { fitToMachine } from './fit-to-machine.ts';
import { followRun } from './follow-run.ts';
import { startWorkflow, type WorkflowKeys } from './github-repository.ts';
import type { Narrator } from './narrator.ts';
import { type Evidence, judge } from './promises.ts';
import { readDatabase } from './read-database.ts';
import type { RunRecord } from './run-record.ts';
import type { Scenario } from './scenarios.ts';
import { sendVisitors, type Visitors } from './send-visitors.ts';
import type { ShopAzure } from './shop-azure.ts';
import { starvedOf } from './starved.ts';
import { outcomeOf, type Visit } from './visit.ts';
import { watchVisitors } from './watch-visitors.ts';
import type { Span } from './window.ts';

export interface DemoOptions {
  readonly scenario: Scenario;
  readonly variant: string | undefined;
  readonly timeScale: number;
  /** The person at the terminal is the reviewer. */
  readonly interactive: boolean;
  /** Folder of the action that is tried. */
  readonly action: string;
  /** Production runs a build that does not know its read-only switch. */
  readonly forgetful: boolean;
  /** Tells what the workflow logs, too. */
  readonly verbose: boolean;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
}

/** How long visitors are watched before the first and after the last workflow run. */
const CALM_MS = 1500;

/** Opens a shop that runs version 1; with the keys of a workflow that its Azure trusts, where it trusts one. */
export type OpenShop = () => Promise<{ readonly azure: ShopAzure; readonly keys: WorkflowKeys | undefined }>;

/** Plays a scenario from start to end and returns all that was seen. The shop is closed at the end, whatever came of it. */
export async function playScenario(options: DemoOptions, narrator: Narrator, openShop: OpenShop): Promise<RunRecord> {
  const folder = await mkdtemp(join(tmpdir(), 'zdd-demo-'));
  const forget = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', forget);
  const open: { azure?: ShopAzure; visitors?: Visitors } = {};
  try {
    return await play(options, narrator, folder, openShop, open);
  } finally {
    await open.visitors?.stop().catch(() => undefined);
    await open.azure?.stop();
    forget();
  }
}

async function play(
  options: DemoOptions,
  narrator: Narrator,
  folder: string,
  openShop: OpenShop,
  open: { azure?: ShopAzure; visitors?: Visitors },
): Promise<RunRecord> {
  const { scenario, variant, timeScale } = options;
  narrator.chapter(`Scenario "${scenario.name}": ${scenario.shows}`);
  const { azure, keys } = await openShop();
  open.azure = azure;
  const { shop } = azure;
  const pace = timeScale === 1 ? 'an Azure' : `a local Azure that works ${timeScale} times as fast`;
  narrator.tell(`A shop is open at ${shop.productionUrl}, in ${pace}.`);

  const watch = watchVisitors(narrator.tell, narrator.aside);
  const visitors = sendVisitors(
    {
      url: shop.productionUrl.replace(/\/$/, ''),
      readsPerSecond: options.readsPerSecond,
      writesPerSecond: options.writesPerSecond,
      file: join(folder, 'visits.jsonl'),
    },
    shop.caFile,
    watch,
  );
  open.visitors = visitors;
  narrator.tell(
    `Visitors come: ${options.readsPerSecond} pages and ${options.writesPerSecond} orders a second, until the end.`,
  );
  await pause(CALM_MS);
  await fitToMachine(options.readsPerSecond, visitors, narrator);

  const follow = followRun(narrator, options.verbose);
  const starts: Evidence['starts'][number][] = [];
  const contentFile = join(folder, 'content-at-rollback-point.json');
  let deploymentId: string | undefined;
  for (const [at, start] of scenario.starts.entries()) {
    narrator.chapter(start.words);
    const result = await startWorkflow({
      start,
      shop,
      keys,
      folder,
      runId: 7001 + at,
      timeScale,
      deploymentId: start.joins ? deploymentId : undefined,
      contentFile,
      interactive: options.interactive,
      action: options.action,
      forgetful: options.forgetful,
      narrator,
      onEvent: follow.onEvent,
    });
    deploymentId ??= result.deploymentId;
    starts.push({ start, ended: result.conclusion });
    narrator.tell(`The workflow run ended: ${result.conclusion}.`);
  }

  await pause(CALM_MS);
  const production = await askProduction(shop);
  const until = await visitors.stop();
  const from = Math.min(...visitors.visits.map((visit) => visit.at));
  const { leftovers, unmodelled, stalls } = await azure.look();
  const end: Content = await readDatabase(shop, shop.database, join(folder, 'content-at-the-end.json')).catch(
    (error) => {
      narrator.tell(`The database cannot be read: ${messageOf(error)}`);
      return { tables: {} };
    },
  );
  const stored = new Set((end.tables.Orders ?? []).map((row) => String(row.Id)));
  const checks = judge({
    ...{
      scenario,
      variant,
      forgetful: options.forgetful,
      from,
      until,
      visits: visitors.visits,
      stalls: [...visitors.stalls, ...stalls],
    },
    ...{ phases: follow.phases, stored, original: shop.database, starts, production, leftovers, unmodelled },
    announced: follow.pages.map(({ markdown }) => markdown).join('\n'),
    contents: scenario.restores ? await contentsOf(azure, folder, contentFile, leftovers, end) : undefined,
  });
  return {
    ...{ scenario: scenario.name, variant, from, until, timeScale },
    outcome: outcomeIn(scenario, production, visitors.visits, [...visitors.stalls, ...stalls]),
    phases: follow.phases,
    visits: visitors.visits,
    ...{ stored, checks, story: narrator.story, pages: follow.pages },
  };
}

/** The three contents that show whether a restore was exact; undefined when one of them is missing. */
async function contentsOf(
  azure: ShopAzure,
  folder: string,
  pointFile: string,
  leftovers: readonly string[],
  end: Content,
): Promise<Evidence['contents']> {
  const setAside = leftovers.map((name) => /^database (\S+-failed\d*)$/.exec(name)?.[1]).find((name) => name);
  const point = await readFile(pointFile, 'utf8').catch(() => undefined);
  if (setAside === undefined || point === undefined) return undefined;
  const failed = await readDatabase(azure.shop, setAside, join(folder, 'content-set-aside.json'));
  return { point: JSON.parse(point), end, failed };
}

function outcomeIn(
  scenario: Scenario,
  production: { readonly version: string; readonly database: string } | undefined,
  visits: readonly Visit[],
  stalls: readonly Span[],
): string {
  if (!production) return 'Production does not answer.';
  const starved = starvedOf(visits, stalls).length;
  const failed = visits.filter((visit) => outcomeOf(visit) === 'failed').length - starved;
  const waited = starved === 0 ? '' : ` (${starved} waited for this machine in vain)`;
  const errors = `${failed === 0 ? 'no visitor saw an error' : `visitors saw ${failed} errors`}${waited}`;
  return `Version ${production.version} serves on database ${production.database}${scenario.restores ? ', restored' : ''}; ${errors}.`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
