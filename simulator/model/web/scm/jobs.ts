import type { Answer } from '../../arm/answer.ts';
import { Unmodelled } from '../../world.ts';
import { type WebJob, webJobsOf } from '../webjobs.ts';
import { kuduError, type ScmCall } from './call.ts';
import { changeFiles } from './files.ts';

/** `api/continuouswebjobs` and `api/triggeredwebjobs`. https://github.com/projectkudu/kudu/wiki/WebJobs-API */
export function jobsRequest(call: ScmCall, type: 'continuous' | 'triggered'): Answer {
  const [, name, act] = call.segments;
  const jobs = webJobsOf(call.world, call.slot).filter((job) => job.type === type);
  if (name === undefined && call.method === 'GET') return { status: 200, body: jobs.map((job) => bodyOf(call, job)) };
  const job = jobs.find((one) => one.name.toLowerCase() === name?.toLowerCase());
  if (job === undefined) return kuduError(404, `WebJob '${name}' not found.`);
  if (act === undefined && call.method === 'GET') return { status: 200, body: bodyOf(call, job) };
  if (type === 'continuous' && call.method === 'POST' && act === 'stop') return switchJob(call, job, false);
  if (type === 'continuous' && call.method === 'POST' && act === 'start') return switchJob(call, job, true);
  throw new Unmodelled(`${call.method} ${call.url}`);
}

/** A stopped job is one with a file `disable.job`, which a mounted package has no room for. */
function switchJob(call: ScmCall, job: WebJob, on: boolean): Answer {
  if (job.home === undefined) return kuduError(409, 'Cannot change a WebJob on a read-only file system.');
  const file = `${job.home}/disable.job`;
  changeFiles(call.world, call.slot, { [file]: on ? undefined : new Uint8Array() }, call.now);
  return { status: 200 };
}

function bodyOf(call: ScmCall, job: WebJob): Record<string, unknown> {
  const url = `${call.url.origin}/api/${job.type}webjobs/${job.name}`;
  const common = {
    name: job.name,
    run_command: job.runCommand,
    url,
    extra_info_url: `${call.url.origin}/azurejobs/#/jobs/${job.type}/${job.name}`,
    type: job.type,
    error: null,
    using_sdk: false,
    settings: job.settings,
  };
  if (job.type === 'triggered') {
    return {
      latest_run: null,
      history_url: `${url}/history`,
      scheduler_logs_url: `${call.url.origin}/vfs/data/jobs/triggered/${job.name}/job_scheduler.log`,
      ...common,
    };
  }
  return {
    status: job.runs ? 'Running' : 'Stopped',
    detailed_status: job.runs ? `${call.slot.occupant.scmInstanceId.slice(0, 6)} - Running\r\n` : '',
    log_url: `${call.url.origin}/vfs/data/jobs/continuous/${job.name}/job_log.txt`,
    ...common,
  };
}
