import type { Arm } from './arm.ts';
import { read } from './requests.ts';
import { scm } from './scm.ts';

/** A WebJob. It runs beside the app, in SCM's process: stopping the app does not stop it. */
export interface WebJob {
  readonly name: string;
  readonly kind: 'continuous' | 'triggered';
  /** Continuous: `Running`, `Stopped`, `PendingRestart`, `Disabled`, …; triggered: that of its latest run, or empty. */
  readonly status: string;
}

/** Continuous and triggered WebJobs; none where SCM does not know them. https://github.com/projectkudu/kudu/wiki/WebJobs-API */
export async function listWebJobs(arm: Arm, scmHost: string): Promise<readonly WebJob[]> {
  const [continuous, triggered] = await Promise.all([
    list(arm, scmHost, 'continuous', '/api/continuouswebjobs'),
    list(arm, scmHost, 'triggered', '/api/triggeredwebjobs'),
  ]);
  return [...continuous, ...triggered];
}

/** Stops a continuous WebJob; it stays stopped (a `disable.job` file in its content). */
export async function stopWebJob(arm: Arm, scmHost: string, name: string): Promise<void> {
  await change(arm, scmHost, name, 'stop');
}

export async function startWebJob(arm: Arm, scmHost: string, name: string): Promise<void> {
  await change(arm, scmHost, name, 'start');
}

async function change(arm: Arm, scmHost: string, name: string, change: 'start' | 'stop'): Promise<void> {
  const at = `/api/continuouswebjobs/${encodeURIComponent(name)}/${change}`;
  await scm(arm, scmHost, `${change} WebJob ${name} on ${scmHost}`, 'POST', at);
}

async function list(arm: Arm, scmHost: string, kind: WebJob['kind'], at: string): Promise<readonly WebJob[]> {
  const answer = await scm(arm, scmHost, `list the ${kind} WebJobs of ${scmHost}`, 'GET', at, { accept: [404] });
  if (answer.status === 404) return [];
  const jobs: readonly { name: string; status?: string; latest_run?: { status?: string } | null }[] = read(answer);
  return jobs.map(({ name, status, latest_run }) => ({ name, kind, status: status ?? latest_run?.status ?? '' }));
}
