import type { Arm } from './arm.ts';
import { read } from './requests.ts';
import { listDirectory, scm } from './scm.ts';

/** A WebJob that starts by itself at times. */
export interface ScheduledJob {
  readonly name: string;
  /** A CRON expression of six fields. */
  readonly schedule: string;
}

/** Triggered WebJobs with a schedule in their `settings.job`. https://github.com/projectkudu/kudu/wiki/WebJobs-API */
export async function listSchedules(arm: Arm, scmHost: string): Promise<readonly ScheduledJob[]> {
  const what = `read the schedules of the WebJobs of ${scmHost}`;
  const answer = await scm(arm, scmHost, what, 'GET', '/api/triggeredwebjobs', { accept: [404] });
  if (answer.status === 404) return [];
  const jobs: readonly { name: string; settings?: { schedule?: unknown } | null }[] = read(answer);
  return jobs.flatMap(({ name, settings }) => {
    const schedule = settings?.schedule;
    return typeof schedule === 'string' && schedule !== '' ? [{ name, schedule }] : [];
  });
}

/** WebJobs in `site/jobs`, outside the app's own files: no copy of the build contains them. */
export async function listJobsOutside(arm: Arm, scmHost: string): Promise<readonly string[]> {
  const [continuous, triggered] = await Promise.all(
    ['continuous', 'triggered'].map((kind) => listDirectory(arm, scmHost, `site/jobs/${kind}`)),
  );
  return [...(continuous ?? []), ...(triggered ?? [])].filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}
