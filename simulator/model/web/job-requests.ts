import type { Answer } from '../arm/answer.ts';
import type { Json } from '../arm/call.ts';
import { notFound } from '../arm/refusal.ts';
import { armNameOf, armTypeOf, idOf } from './lookup.ts';
import { changeFiles } from './scm/files.ts';
import { jobBody } from './scm/jobs.ts';
import type { SlotCall } from './slot-call.ts';
import { type WebJob, webJobsOf } from './webjobs.ts';

/** `GET {continuous | triggered}webjobs`, through Azure Resource Manager: what SCM says of them, in ARM's shape. */
export function listArmJobs(type: WebJob['type']): (call: SlotCall) => Answer {
  return (call) => ({
    status: 200,
    body: { value: jobsOf(call, type).map((job) => bodyOf(call, job)), nextLink: null },
  });
}

/** `GET …webjobs/{job}` */
export function showArmJob(type: WebJob['type']): (call: SlotCall) => Answer {
  return (call) => ({ status: 200, body: bodyOf(call, jobOf(call, type)) });
}

/** `POST continuouswebjobs/{job}/start` and `/stop`. */
export function switchArmJob(on: boolean): (call: SlotCall) => Answer {
  return (call) => {
    const { home } = jobOf(call, 'continuous');
    if (home === undefined)
      return { status: 409, body: { Message: 'Cannot change a WebJob on a read-only file system.' } };
    const file = `${home}/disable.job`;
    changeFiles(call.world, call.slot, { [file]: on ? undefined : new Uint8Array() }, call.now);
    return { status: 200 };
  };
}

function jobsOf({ world, slot }: SlotCall, type: WebJob['type']): readonly WebJob[] {
  return webJobsOf(world, slot).filter((job) => job.type === type);
}

function jobOf(call: SlotCall, type: WebJob['type']): WebJob {
  const { job: name = '' } = call.names;
  const job = jobsOf(call, type).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (job !== undefined) return job;
  const at = idOf(call.world, call.slot).split('/providers/')[1];
  throw notFound(`${at}/${type}webjobs/${name}`, call.site.resourceGroup);
}

function bodyOf(call: SlotCall, job: WebJob): Json {
  const { type, ...properties } = jobBody(call.slot, `https://${call.slot.scmHost}`, job);
  return {
    id: `${idOf(call.world, call.slot)}/${job.type}webjobs/${job.name}`,
    name: `${armNameOf(call.slot)}/${job.name}`,
    type: `${armTypeOf(call.slot)}/${job.type}webjobs`,
    location: call.site.location,
    properties: { ...properties, web_job_type: type === 'continuous' ? 'Continuous' : 'Triggered' },
  };
}
