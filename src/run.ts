import { randomBytes } from 'node:crypto';
import type { Arm } from './azure/arm.ts';
import { firewallRuleName, mayOpenRules, type OpenedRule, type SqlAccess, sqlAccess } from './azure/sql-access.ts';
import { behindOver } from './context/behind.ts';
import type { Context, Known } from './context/context.ts';
import { databasesOver, programNameOf } from './context/databases.ts';
import { earlyAnswers } from './context/early-answers.ts';
import { type Eyes, eyesOf } from './context/eyes.ts';
import { leaseOver } from './context/lease.ts';
import { appKey } from './deployment/app-key.ts';
import type { PackageFile } from './deployment/build.ts';
import { sameName } from './deployment/names.ts';
import { wholeOf } from './deployment/partial-look.ts';
import { messageOf, Stop } from './errors.ts';
import type { Hooks } from './hooks/hooks.ts';
import type { Came } from './hooks/message.ts';
import { bringBack, mustBringBack } from './phases/bring-back.ts';
import type { Phase } from './phases/phase.ts';
import { phaseNamed } from './phases/phases.ts';
import type { Ports } from './ports.ts';
import { headlineNow, reportOf } from './report.ts';
import { type Handed, type PhaseRun, runPhase } from './run-phase.ts';
import { inKey } from './settings/database-key.ts';
import { traitsOf } from './settings/phases.ts';
import type { Settings } from './settings/settings.ts';
import type { RunReport } from './summary/summary.ts';
import { packageFile } from './system/package-file.ts';

export interface RunOptions {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly arm: Arm;
  readonly subscriptionId: string;
  readonly signal: AbortSignal;
  readonly hooks: Hooks;
  /** Told before a firewall rule is opened, so that the post step can close it. */
  readonly onOpening: (rule: OpenedRule) => void;
}

/** Runs the phases in order, stopping at the first failure, and reports. Closes every connection and rule that it opened. */
export async function run(options: RunOptions): Promise<RunReport> {
  const { settings, ports, hooks } = options;
  const known: Known = {
    openedRules: new Set(),
    slots: new Set(),
    databases: new Map(),
    asked: [],
    made: new Set(),
    listings: new Map(),
    unlisted: [],
    secrets: new Map(),
  };
  const access = accessOf(options, known);
  const eyes = eyesOf(ports, settings, options.signal);
  const runs: { run: PhaseRun; tookMs: number }[] = [];
  let context: Context | undefined;
  let handed: Handed | undefined;
  try {
    const phases = settings.phases.map((name) => phaseNamed[name]);
    for (const [index, phase] of phases.entries()) {
      const { name } = phase;
      const startedAt = ports.clock.now();
      const untold = await failureIn(hooks.before(name));
      if (untold) {
        runs.push({ run: notRun(phase, untold.error), tookMs: ports.clock.now() - startedAt });
        break;
      }
      const before = phases[index - 1] ?? phase;
      if (context && !goesOn(before, phase)) {
        await leave(context);
        [context, handed] = [undefined, undefined];
      }
      const here = context ?? (await contextOf(options, known, { access, eyes }, phase.changes && !settings.dryRun));
      context = here;
      const came = await ports.log
        .group(`Phase ${name}`, () => runPhase(here, phase, handed))
        .finally(async () => {
          await Promise.all([eyes.close(), here.early.forget()]);
        });
      const tookMs = ports.clock.now() - startedAt;
      const unheard = await failureIn(hooks.after(toldOf(came, tookMs)));
      const result: PhaseRun = unheard ? { ...came, outcome: 'failed', error: unheard.error } : came;
      runs.push({ run: result, tookMs });
      if (result.outcome === 'failed') break;
      handed = result.handed;
      // The one phase that nobody has asked for by name: a limit that acts.
      if (name === 'status' && mustBringBack(settings, result.looks.last)) phases.push(bringBack);
    }
  } finally {
    const left = context && leave(context);
    // Nobody is kept out who is in. What was done is done, and is reported; the post step closes what stays open here.
    const closed = access.closeFirewall().catch((error: unknown) => {
      const why = messageOf(error);
      ports.log.warning(`The firewall is not closed yet; the post step closes it: ${why}`);
    });
    await Promise.all([left, closed]);
  }
  const report = reportOf(settings, runs, eyes.seen());
  for (const note of report.notes) ports.log.info(note);
  for (const warning of report.warnings) ports.log.warning(warning);
  return report;
}

async function failureIn(telling: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  return telling.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
}

function notRun(phase: Phase, error: unknown): PhaseRun {
  const nothing = { changed: false, steps: [], calls: [], checks: undefined, review: undefined, looks: undefined };
  return { phase, outcome: 'failed', error, ...nothing };
}

function toldOf(run: PhaseRun, tookMs: number): Came {
  const { phase, outcome, looks } = run;
  return {
    phase: phase.name,
    outcome,
    tookMs,
    first: looks && wholeOf(looks.first),
    last: looks && wholeOf(looks.last),
    headline: headlineNow(looks, traitsOf[phase.name].overview === true),
    ...(run.outcome === 'failed' ? { error: run.error } : {}),
  };
}

/** Visitors may be waiting: what goes on with the same deployment keeps its connections and the right to change it. */
function goesOn(before: Phase, phase: Phase): boolean {
  return [before, phase].every((each) => each.changes && !each.claims && !each.begins);
}

async function leave({ behind, lease, databases }: Context): Promise<void> {
  await behind.stop();
  await lease.release();
  await databases.closeAll();
}

/** The way in to the servers, once `observe` has found out which they are. */
function accessOf({ settings, ports, arm, signal, onOpening }: RunOptions, known: Known): SqlAccess {
  const { sqlAccess: login, github } = settings;
  return sqlAccess({
    arm,
    sql: ports.sql,
    clock: ports.clock,
    log: ports.log,
    signal,
    place(database) {
      const { server: on, name } = inKey(database);
      const found =
        on === undefined ? known.servers?.[0] : known.servers?.find(({ facts }) => sameName(facts.name, on));
      if (found) {
        const { facts, server } = found;
        const opensRules = mayOpenRules(settings, facts);
        return { server: { ...facts, host: server.host, port: server.port, opensRules }, name };
      }
      throw new Stop(
        'failed',
        `The SQL server of ${database} is not known yet.`,
        'This is a defect of the action; please report it.',
      );
    },
    login: login.kind === 'connection-string' ? { user: login.user, password: login.password } : undefined,
    programName: programNameOf(github),
    ruleName: () =>
      firewallRuleName(known.deploymentId ?? '', github.runId, github.runAttempt, randomBytes(4).toString('hex')),
    onOpening(rule) {
      known.openedRules.add(rule.name);
      onOpening(rule);
    },
  });
}

/**
 * Built anew for a phase that does not go on where the one before it ended: reading phases may not open the firewall. What was found
 * out of the server is kept for the whole run, the deployment's id is not: after `cleanup` another `clone` opens another deployment.
 */
async function contextOf(
  options: RunOptions,
  known: Known,
  { access, eyes }: { readonly access: SqlAccess; readonly eyes: Eyes },
  changes: boolean,
): Promise<Context> {
  const { settings, ports, arm, subscriptionId, signal } = options;
  delete known.deploymentId;
  delete known.inside;
  known.databases.clear();
  const open = (database: string) => access.open(database, changes);
  const databases = databasesOver({ open, log: ports.log, optional: !changes });
  return {
    settings,
    ports,
    arm,
    known,
    app: { subscriptionId, resourceGroup: settings.resourceGroup, name: settings.appName },
    databases,
    behind: behindOver(ports.clock, ports.log),
    eyes,
    early: earlyAnswers(ports, settings, signal),
    lease: leaseOver(databases, ports.clock, ports.log, programNameOf(settings.github), signal),
    newBuild: settings.package === undefined ? null : await packageFile(settings.package),
    newBuilds: await packagesOf(settings),
    signal,
  };
}

async function packagesOf({ otherApps }: Settings): Promise<ReadonlyMap<string, PackageFile | null>> {
  const files = otherApps.flatMap((app) =>
    app.package && !/^https:/i.test(app.package) ? [{ key: appKey(app), path: app.package }] : [],
  );
  const read = await Promise.all(files.map(async ({ key, path }) => [key, await packageFile(path)] as const));
  return new Map(read);
}
