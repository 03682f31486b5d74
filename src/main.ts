import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Arm } from './azure/arm.ts';
import { createArm } from './azure/client.ts';
import { cloudOf } from './azure/cloud.ts';
import { loadManagementClients } from './azure/management-clients.ts';
import { signIn } from './azure/sign-in.ts';
import type { OpenedRule } from './azure/sql-access.ts';
import { subscriptionOf } from './azure/subscriptions.ts';
import { cancelled, messageOf } from './errors.ts';
import { type Hooks, hooksOf } from './hooks/hooks.ts';
import { readSettings, secretsOf } from './inputs/inputs.ts';
import type { Ports } from './ports.ts';
import { closeRules, rulesIn } from './post.ts';
import { plain } from './settings/plain.ts';
import type { Settings } from './settings/settings.ts';
import { failureOf, failureText } from './summary/failure.ts';
import { NOT_LOOKED_AT } from './summary/headline.ts';
import { linksOf } from './summary/links.ts';
import { outputsOf } from './summary/outputs.ts';
import { commentOnPullRequest } from './summary/pull-request-comment.ts';
import { reportFile } from './summary/report-file.ts';
import { type RunReport, summaryOf } from './summary/summary.ts';
import { realClock } from './system/clock.ts';
import { runIn } from './system/command.ts';
import { endSoon } from './system/end.ts';
import { send } from './system/http.ts';
import { withMasks } from './system/masks.ts';
import type { Outlet } from './system/outlet.ts';
import { pipelineOutlet } from './system/pipeline.ts';
import { sql } from './system/sql.ts';
import { terminalOutlet } from './system/terminal.ts';
import { logTrace } from './system/trace.ts';
import { workflowOutlet } from './system/workflow.ts';

const OPENED = 'opened-firewall-rules';
const IS_POST = 'is-post';
const outlet = outletOf(process.env);
const { log, masked } = withMasks(outlet.log);

await (outlet.saved(IS_POST) === '' ? main() : post())
  .catch((error: unknown) => {
    logTrace(log, error);
    outlet.failed(plain(messageOf(error)));
  })
  .finally(() => endSoon(log));

function outletOf(environment: NodeJS.ProcessEnv): Outlet {
  if (environment.ZDD_TERMINAL === 'true')
    return terminalOutlet(process, () => new Date().toTimeString().slice(0, 8), environment.RUNNER_DEBUG === '1');
  if (environment.ZDD_PIPELINE === 'true')
    return pipelineOutlet(process, environment.AGENT_TEMPDIRECTORY ?? tmpdir(), environment.SYSTEM_DEBUG === 'true');
  return workflowOutlet();
}

/** Inputs, sign-in, phases, outputs, summary. Ends red when a phase did not keep its promise. */
async function main(): Promise<void> {
  const stopped = untilSignalled();
  const opened: OpenedRule[] = [];
  let settings: Settings | undefined;
  let hooks: Hooks | undefined;
  try {
    outlet.save(IS_POST, 'true');
    for (const secret of secretsOf(process.env)) log.secret(secret);
    settings = readSettings(process.env, isFile);
    const ports = portsOf(settings);
    hooks = hooksOf({ settings, ports, masked, signal: stopped });
    // Read from disk while the sign-in waits for the network. Whoever gave a wrong input is told so before.
    const action = import('./run.ts');
    action.catch(() => undefined);
    const { arm, subscriptionId } = await signedIn(settings, ports, stopped);
    const { run } = await action;
    const report = await run({
      settings,
      ports,
      arm,
      subscriptionId,
      signal: stopped,
      hooks,
      onOpening(rule) {
        opened.push(rule);
        outlet.save(OPENED, JSON.stringify(opened));
      },
    });
    // What production serves stands in the log and on the page before the last one was told of it.
    await publish(report);
    await Promise.all([commentOnPullRequest(report, settings, ports, masked, stopped), hooks.ended()]);
  } catch (error) {
    logTrace(log, error);
    await hooks?.brokeDown(error);
    const failure = failureOf(error);
    await publish({
      headline: NOT_LOOKED_AT,
      app: settings?.appName ?? '',
      phases: [],
      result: undefined,
      whereabouts: [],
      notes: [],
      sight: undefined,
      warnings: [],
      failure,
      ways: [],
      links: settings ? linksOf(settings.github) : { places: [] },
    });
    await hooks?.ended();
  }
}

/** Closes what a killed run left open. Says so, but never makes a green job red. */
async function post(): Promise<void> {
  const rules = rulesIn(outlet.saved(OPENED));
  if (rules.length === 0) return;
  try {
    const settings = readSettings(process.env, () => true);
    const { arm } = await signedIn(settings, portsOf(settings), new AbortController().signal);
    await closeRules(arm, log, rules);
  } catch (error) {
    const names = rules.map(({ name }) => name).join(', ');
    log.warning(`Could not close the firewall rules ${names}: ${messageOf(error)}`);
  }
}

async function publish(report: RunReport): Promise<void> {
  const reviewPage = await keptReview(report);
  const file = kept('zdd-report.json', () => reportFile(report, reviewPage));
  const files = { report: file, reviewPage };
  for (const [name, value] of Object.entries(report.result ? outputsOf(report.result, files) : {}))
    outlet.output(name, value);
  await outlet.page(masked(summaryOf(report)));
  if (report.failure) outlet.failed(failureText(report.headline, report.failure));
  else outlet.headline(report.headline);
}

/** What makes HTML is read from disk where somebody reviews, and nowhere else. Named after the app: an artifact bears the name of its file. */
async function keptReview(report: RunReport): Promise<string | undefined> {
  if (report.phases.every(({ review }) => review === undefined)) return undefined;
  const { reviewPage } = await import('./summary/review-page.ts');
  return kept(`zdd-review-${report.app}.html`, () => reviewPage(report) ?? '');
}

/** A full disk must not hide what the run has done. */
function kept(name: string, content: () => string): string | undefined {
  try {
    return outlet.file(name, masked(content()));
  } catch (error) {
    log.warning(`The report could not be written to a file: ${messageOf(error)}`);
    return undefined;
  }
}

async function signedIn(
  settings: Settings,
  ports: Ports,
  signal: AbortSignal,
): Promise<{ arm: Arm; subscriptionId: string }> {
  // Read from disk while the sign-in waits for the network; a failure shows again where the clients are used.
  void loadManagementClients().catch(() => undefined);
  const cloud = await cloudOf(settings.azureEnvironment, ports.send, signal);
  const credential = await signIn(settings.identity, cloud, { ...ports, signal });
  const arm = await createArm({ cloud, credential, ...ports, signal });
  return { arm, subscriptionId: settings.identity.subscriptionId ?? (await subscriptionOf(arm)) };
}

function portsOf(settings: Settings): Ports {
  return {
    send,
    sql,
    clock: realClock(settings.clockRate, settings.azureEnvironment.kind),
    run: runIn(settings.github.workspace, process.env, outlet.commands),
    log,
  };
}

/** The runner cancels with SIGINT, then SIGTERM: what is in flight is not waited for, nothing new is begun. */
function untilSignalled(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(cancelled(signal)));
  }
  return controller.signal;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
