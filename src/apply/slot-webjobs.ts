import { isDeepStrictEqual } from 'node:util';
import { azureSaid } from '../azure/failure.ts';
import { scmIsStopped } from '../azure/scm.ts';
import { getSite, patchSite, slotId, stopSite } from '../azure/sites.ts';
import { listSchedules } from '../azure/webjob-places.ts';
import { listWebJobs, startWebJob, stopWebJob } from '../azure/webjobs.ts';
import { type Scene, seenSlot } from '../context/scene.ts';
import { writeRecord } from '../context/write-record.ts';
import { isDigest, namesOf } from '../deployment/stopped-jobs.ts';
import type { StepOf } from '../steps/steps.ts';
import { together, waitFor } from '../wait.ts';
import { awaitSlot } from './await-slot.ts';
import { whenIdle } from './when-idle.ts';

const COMES_BACK_MS = 300_000;

/**
 * WebJobs belong to SCM and go on when the app is stopped. Those that ran are recorded first, so that a rollback can start
 * exactly them again. https://github.com/projectkudu/kudu/wiki/WebJobs
 */
export async function stopWebJobs(scene: Scene, slot: string): Promise<void> {
  const { arm } = scene.context;
  const { scmHost } = seenSlot(scene, slot);
  // Where SCM stops with the app its WebJobs have stopped, too, and come back with it.
  const [jobs, scheduled] = await Promise.all([listWebJobs(arm, scmHost), listSchedules(arm, scmHost)]).catch(
    (error: unknown) => {
      if (scmIsStopped(error)) return [[], []];
      throw error;
    },
  );
  const running = jobs.filter(({ kind, status }) => kind === 'continuous' && !/stopped|disabled/i.test(status));
  const known = scene.observed.record?.stoppedJobs ?? [];
  const toStart = [...new Set([...known, ...running.map(({ name }) => name)])].sort();
  // Visitors may not write meanwhile: what is recorded already is not written again.
  if (!isDeepStrictEqual(toStart, [...known].sort())) await writeRecord(scene, { stoppedJobs: toStart });
  try {
    await Promise.all(
      running.map(({ name }) => whenIdle(scene, slot, `stop WebJob ${name}`, () => stopWebJob(arm, scmHost, name))),
    );
  } catch (error) {
    if (azureSaid(error)?.status !== 409) throw error;
    await stopScmToo(scene, slot, 'its WebJobs are in a mounted package');
    return;
  }
  if (scheduled.length > 0) {
    await stopScmToo(scene, slot, `WebJobs run by schedule: ${scheduled.map(({ name }) => name).join(', ')}`);
  }
}

/**
 * Neither a WebJob in a mounted package, where SCM cannot write that it is stopped, nor one with a schedule can be stopped by
 * itself. Then SCM stops with the app, and both come back together. Azure is known to ignore this now and then: what
 * still writes will be seen, or refused by READ_ONLY, until "deploy" begins.
 * https://github.com/projectkudu/kudu/wiki/Full-stopping-a-Web-App
 */
async function stopScmToo(scene: Scene, slot: string, because: string): Promise<void> {
  const { arm, app, ports } = scene.context;
  const id = slotId(app, slot);
  ports.log.info(`The SCM site of slot ${slot} is stopped with the app, because ${because}.`);
  await whenIdle(scene, slot, `let SCM of slot ${slot} stop with it`, () =>
    patchSite(arm, id, { scmSiteAlsoStopped: true }),
  );
  await whenIdle(scene, slot, `stop slot ${slot}`, () => stopSite(arm, id));
  await awaitSlot(scene, id, `slot ${slot} to stop with its SCM site`, (site) => site?.state === 'Stopped');
  const site = await getSite(arm, id);
  if (site?.scmSiteAlsoStopped) return;
  ports.log.warning(
    `Azure did not stop the SCM site of slot ${slot}, and ${because}: stop them in the portal, or they go on beside the new build.`,
  );
}

export async function startWebJobs(scene: Scene, { slot, jobs }: StepOf<'start-webjobs'>): Promise<void> {
  const { scmHost } = seenSlot(scene, slot);
  const names = jobs.some(isDigest) ? namesOf(jobs, await jobsThere(scene, scmHost)) : jobs;
  await together(
    scene.context.ports.log,
    names.map((name) => startOne(scene, slot, scmHost, name)),
  );
}

async function jobsThere(scene: Scene, scmHost: string): Promise<readonly string[]> {
  const jobs = await whenScmIsBack(scene, 'the WebJobs to be listed', () => listWebJobs(scene.context.arm, scmHost));
  return jobs.filter(({ kind }) => kind === 'continuous').map(({ name }) => name);
}

async function startOne(scene: Scene, slot: string, scmHost: string, name: string): Promise<void> {
  const { arm, ports } = scene.context;
  await whenScmIsBack(scene, `WebJob ${name} to be started`, async () => {
    try {
      await whenIdle(scene, slot, `start WebJob ${name}`, () => startWebJob(arm, scmHost, name));
    } catch (error) {
      const status = azureSaid(error)?.status;
      // Nothing that is missing may keep visitors from the live build.
      if (status === 404)
        ports.log.warning(`WebJob ${name} was stopped and is not there any more: it was not started.`);
      // One in a mounted package was never stopped by itself: it came back with its SCM site.
      else if (status !== 409) throw error;
    }
  });
}

/** SCM may have been stopped with the app, and comes back a little after it. */
async function whenScmIsBack<T>(scene: Scene, what: string, work: () => Promise<T>): Promise<T> {
  const { ports, signal } = scene.context;
  return waitFor(ports.clock, ports.log, {
    what,
    deadlineMs: COMES_BACK_MS,
    otherwise: 'Run the phase again.',
    signal,
    async look() {
      try {
        return { done: await work() };
      } catch (error) {
        if (!scmIsStopped(error)) throw error;
        return { seen: 'its SCM site is still stopped' };
      }
    },
  });
}
