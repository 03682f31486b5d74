import type { Answer } from '../../arm/answer.ts';
import type { Slot } from '../state.ts';
import { type WebJob, webJobsOf } from '../webjobs.ts';
import { kuduRefusal, type ScmCall } from './call.ts';
import { changeFiles } from './files.ts';

/** `GET api/continuouswebjobs` and `api/triggeredwebjobs`. https://github.com/projectkudu/kudu/wiki/WebJobs-API */
export function listJobs(type: WebJob['type']): (call: ScmCall) => Answer {
  return (call) => ({ status: 200, body: jobsOf(call, type).map((job) => jobBody(call.slot, call.url.origin, job)) });
}

/** `GET …/{job}` */
export function showJob(type: WebJob['type']): (call: ScmCall) => Answer {
  return (call) => ({ status: 200, body: jobBody(call.slot, call.url.origin, jobOf(call, type)) });
}

/** `POST api/continuouswebjobs/{job}/start` and `/stop`: a stopped one has a file `disable.job`, which a mounted package has no room for. */
export function switchJob(on: boolean): (call: ScmCall) => Answer {
  return (call) => {
    const { home } = jobOf(call, 'continuous');
    if (home === undefined) throw kuduRefusal(409, 'Cannot change a WebJob on a read-only file system.');
    const file = `${home}/disable.job`;
    changeFiles(call.world, call.slot, { [file]: on ? undefined : new Uint8Array() }, call.now);
    return { status: 200 };
  };
}

function jobsOf({ world, slot }: ScmCall, type: WebJob['type']): readonly WebJob[] {
  return webJobsOf(world, slot).filter((job) => job.type === type);
}

function jobOf(call: ScmCall, type: WebJob['type']): WebJob {
  const { job: name = '' } = call.names;
  const job = jobsOf(call, type).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (job === undefined) throw kuduRefusal(404, `WebJob '${name}' not found.`);
  return job;
}

/** A job as Kudu shows it, whose site is at `origin`. */
export function jobBody(slot: Slot, origin: string, job: WebJob): Record<string, unknown> {
  const url = `${origin}/api/${job.type}webjobs/${job.name}`;
  const common = {
    name: job.name,
    run_command: job.runCommand,
    url,
    extra_info_url: `${origin}/azurejobs/#/jobs/${job.type}/${job.name}`,
    type: job.type,
    error: null,
    using_sdk: false,
    settings: job.settings,
  };
  if (job.type === 'triggered') {
    return {
      latest_run: null,
      history_url: `${url}/history`,
      scheduler_logs_url: `${origin}/vfs/data/jobs/triggered/${job.name}/job_scheduler.log`,
      ...common,
    };
  }
  return {
    status: job.runs ? 'Running' : 'Stopped',
    detailed_status: job.runs ? `${slot.occupant.scmInstanceId.slice(0, 6)} - Running\r\n` : '',
    log_url: `${origin}/vfs/data/jobs/continuous/${job.name}/job_log.txt`,
    ...common,
  };
}
