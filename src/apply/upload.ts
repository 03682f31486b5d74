import { adviceFor, staysRefused } from '../azure/advice.ts';
import { azureSaid, noAnswer } from '../azure/failure.ts';
import { pollDeployment, publishZip, scmIsBusy, scmIsStopped, scmRestarted } from '../azure/scm.ts';
import { slotId, startSite, stopSite } from '../azure/sites.ts';
import { weatherIn } from '../azure/weather.ts';
import { type Scene, seenSlot } from '../context/scene.ts';
import { messageOf, Stop } from '../errors.ts';
import type { FileBody } from '../ports.ts';
import { waitFor } from '../wait.ts';
import { whenIdle } from './when-idle.ts';

const UPLOAD_MS = 1_800_000;
const TAKEN_MS = 900_000;
const MOST_TROUBLES = 2;
const LOOK_AT_LOG = 'Look at the deployment log in the portal, then run the phase again.';

/** Replaces what a stopped slot holds by the content of a zip. */
export function upload(scene: Scene, slot: string, zip: FileBody): Promise<void> {
  return withScm(scene, slot, (scmHost) => publish(scene, scmHost, zip));
}

/** SCM of some plans answers 403 while its slot is stopped: then the disarmed slot runs for as long as the work takes. */
export async function withScm<T>(scene: Scene, slot: string, work: (scmHost: string) => Promise<T>): Promise<T> {
  const { arm, app, ports } = scene.context;
  const { scmHost } = seenSlot(scene, slot);
  try {
    return await work(scmHost);
  } catch (error) {
    if (!scmIsStopped(error)) throw error;
    ports.log.info(`SCM of slot ${slot} does not answer while it is stopped; the disarmed slot runs for the upload.`);
    const id = slotId(app, slot);
    await whenIdle(scene, slot, `start slot ${slot}`, () => startSite(arm, id));
    try {
      return await work(scmHost);
    } finally {
      await whenIdle(scene, slot, `stop slot ${slot}`, () => stopSite(arm, id));
    }
  }
}

/**
 * An upload replaces all there is, so one that broke off is simply done again: SCM was busy with another one, gave no answer
 * in time, or restarted under it. https://github.com/projectkudu/kudu/issues/2739, https://github.com/Azure-App-Service/kudu/issues/90
 */
async function publish(scene: Scene, scmHost: string, zip: FileBody): Promise<void> {
  const { ports, signal } = scene.context;
  let troubles = 0;
  await waitFor(ports.clock, ports.log, {
    what: `SCM of ${scmHost} to take the upload`,
    deadlineMs: TAKEN_MS,
    otherwise: LOOK_AT_LOG,
    firstPauseMs: 10_000,
    signal,
    async look() {
      const brokeOff = await publishOnce(scene, scmHost, zip).catch((error: unknown) => {
        // SCM answers 500 to its own trouble as to a package that it cannot unpack.
        if (weatherIn(azureSaid(error)) === undefined || ++troubles > MOST_TROUBLES) throw error;
        return messageOf(error);
      });
      if (brokeOff === undefined) return { done: undefined };
      ports.log.info(`The upload to ${scmHost} is done once more: ${brokeOff}`);
      return { seen: brokeOff };
    },
  });
}

/** @returns why it has to be done again; undefined when it is done. */
async function publishOnce(scene: Scene, scmHost: string, zip: FileBody): Promise<string | undefined> {
  const { arm, ports, signal } = scene.context;
  let at: string;
  try {
    at = await publishZip(arm, scmHost, zip, { restart: false, clean: true });
  } catch (error) {
    if (noAnswer(error) || scmIsBusy(azureSaid(error))) return messageOf(error);
    throw error;
  }
  const ended = await waitFor(ports.clock, ports.log, {
    what: `SCM of ${scmHost} to unpack the upload`,
    deadlineMs: UPLOAD_MS,
    otherwise: LOOK_AT_LOG,
    signal,
    async look() {
      try {
        const state = await pollDeployment(arm, scmHost, at);
        return state.state === 'running' ? { seen: state.seen } : { done: state };
      } catch (error) {
        // SCM restarts now and then; what it unpacks goes on, or is known to have ended, when it is back.
        const seen = weatherIn(azureSaid(error));
        if (seen === undefined) throw error;
        return { seen };
      }
    },
  });
  if (ended.state === 'succeeded') return undefined;
  if (scmRestarted(ended.message)) return ended.message;
  const said = { code: 'DeploymentFailed', message: ended.message, requestId: '', status: 0 };
  const next = staysRefused(said) ? adviceFor(said) : LOOK_AT_LOG;
  throw new Stop('failed', `The upload to ${scmHost} failed: ${ended.message}`, next);
}
