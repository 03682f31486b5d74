import { listJobsOutside, listSchedules, type ScheduledJob } from '../azure/webjob-places.ts';
import { listWebJobs, type WebJob } from '../azure/webjobs.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import { buildSource } from '../deployment/build-source.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import { allFine, listed, notLookedAt, passed, warning } from './verdicts.ts';

const NAME = 'WebJobs';

export interface WebJobFacts {
  readonly jobs: readonly WebJob[];
  readonly schedules: readonly ScheduledJob[];
  /** Names of those in site/jobs. */
  readonly outside: readonly string[];
}

/** WebJobs go on when their app is stopped, and some of them are in no copy of the build. */
export async function checkWebJobs({ context, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const { arm } = context;
  const { scmHost } = observed.production;
  const facts = await see(context.signal, async () => {
    const [jobs, schedules, outside] = await Promise.all([
      listWebJobs(arm, scmHost),
      listSchedules(arm, scmHost),
      listJobsOutside(arm, scmHost),
    ]);
    return { jobs, schedules, outside };
  });
  return webJobs(observed, facts);
}

/** Pure. */
export function webJobs(observed: AppLook, facts: Seen<WebJobFacts>): readonly Check[] {
  if (facts.why !== undefined) return [notLookedAt(NAME, facts.why)];
  const { jobs, schedules, outside } = facts.value;
  if (jobs.length === 0 && outside.length === 0) return [passed(NAME, 'Production has none.')];
  const named = jobs.map(({ name, kind }) => {
    const schedule = schedules.find((job) => job.name === name)?.schedule;
    return `${name} (${kind}${schedule === undefined ? '' : `, ${schedule}`})`;
  });
  const mounted = buildSource(observed.production).kind !== 'files';
  const stuck = jobs.filter(
    ({ name, kind, status }) =>
      mounted && kind === 'continuous' && !outside.includes(name) && !/stopped|disabled/i.test(status),
  );
  return allFine(
    NAME,
    `${listed(named)}: off in the read-only copy, stopped by "switch", and started with the new build.`,
    [
      ...outside.map((name) => outsideBuild(observed, jobs, name)),
      ...stuck.map(({ name }) =>
        warning(
          NAME,
          `Continuous WebJob ${name} lies in a mounted package, where SCM cannot write that it is stopped: "switch" would not get the database quiet. Stop all WebJobs before it, and give the new build app-settings WEBJOBS_STOPPED=0.`,
          `${azWebApp(observed.app, 'config appsettings set')} --settings WEBJOBS_STOPPED=1`,
        ),
      ),
    ],
  );
}

function outsideBuild({ app }: AppLook, jobs: readonly WebJob[], name: string): Check {
  const kind = jobs.find((job) => job.name === name)?.kind ?? 'continuous';
  return warning(
    NAME,
    `WebJob ${name} lies in site/jobs, outside the build: the new build would come without it. Put it into the package under App_Data/jobs/${kind}/${name}, then remove this one.`,
    `${azWebApp(app, `webjob ${kind} remove`)} --webjob-name ${shell(name)}`,
  );
}
