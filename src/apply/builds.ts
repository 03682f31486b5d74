import { createHash } from 'node:crypto';
import { readFile as readLocal } from 'node:fs/promises';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { downloadZip, pollDeployment, publishZip, readFile, scmIsStopped, scmRestarted } from '../azure/scm.ts';
import { slotId, startSite, stopSite } from '../azure/sites.ts';
import { type Change, type Scene, seenSlot } from '../context/scene.ts';
import { buildId } from '../deployment/build.ts';
import { buildSource } from '../deployment/build-source.ts';
import { byCodeUnits } from '../deployment/names.ts';
import { Stop } from '../errors.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';

type BuildStep = StepOf<'copy-build' | 'upload-build' | 'empty-slot'>;

const UPLOAD_MS = 1_800_000;

export async function applyBuild(scene: Scene, step: BuildStep): Promise<Change> {
  switch (step.kind) {
    case 'copy-build': {
      const zip = await liveBuild(scene);
      await upload(scene, step.slot, zip);
      return { uploaded: { [step.slot]: contentDigest(zip) } };
    }
    case 'upload-build':
      await upload(scene, step.slot, await readLocal(step.build.path));
      return { uploaded: { [step.slot]: buildId(step.build) } };
    case 'empty-slot':
      await upload(scene, step.slot, EMPTY);
      return done(step);
  }
}

/** An empty zip is refused by some versions of SCM; one line says why nothing is here. */
const EMPTY = zipSync(
  { 'zdd-empty.txt': strToU8('Emptied by zdd-action after a deployment.\n') },
  { mtime: '2020-01-01' },
);

/** The build of production as a zip, in the way in which production runs it. */
async function liveBuild(scene: Scene): Promise<Uint8Array> {
  const { settings, observed, context } = scene;
  if (settings.currentPackage !== undefined) return readLocal(settings.currentPackage);
  const { scmHost } = observed.production;
  if (buildSource(observed.production).kind === 'files') return downloadZip(context.arm, scmHost, 'site/wwwroot');
  // On Linux SCM does not see the mounted package in wwwroot, so the package itself is read.
  // https://github.com/projectkudu/kudu/issues/3041
  const name = await readFile(context.arm, scmHost, 'data/SitePackages/packagename.txt');
  const zip =
    name && (await readFile(context.arm, scmHost, `data/SitePackages/${new TextDecoder().decode(name).trim()}`));
  if (zip) return zip;
  throw new Stop(
    'failed',
    'Production runs from a package (WEBSITE_RUN_FROM_PACKAGE=1), but its zip is not in /home/data/SitePackages.',
    'Give the zip file of the running build with input current-package.',
  );
}

/** SCM zips anew at every download, with the times of the moment: only names and contents tell builds apart. */
function contentDigest(zip: Uint8Array): string {
  const hash = createHash('sha256');
  const files = Object.entries(unzipSync(zip)).sort(([a], [b]) => byCodeUnits(a, b));
  for (const [path, bytes] of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}

/** Onto a stopped slot. SCM of some plans answers 403 while stopped: then the disarmed slot runs for the upload. */
async function upload(scene: Scene, slot: string, zip: Uint8Array): Promise<void> {
  const { arm, app, ports } = scene.context;
  const scmHost = seenSlot(scene, slot).scmHost;
  try {
    await publish(scene, scmHost, zip);
  } catch (error) {
    if (!scmIsStopped(error)) throw error;
    ports.log.info(`SCM of slot ${slot} does not answer while it is stopped; the disarmed slot runs for the upload.`);
    await startSite(arm, slotId(app, slot));
    try {
      await publish(scene, scmHost, zip);
    } finally {
      await stopSite(arm, slotId(app, slot));
    }
  }
}

async function publish(scene: Scene, scmHost: string, zip: Uint8Array): Promise<void> {
  const { arm, ports, signal } = scene.context;
  const at = await publishZip(arm, scmHost, zip, { restart: false, clean: true });
  const ended = await waitFor(ports.clock, ports.log, {
    what: `SCM of ${scmHost} to unpack the upload`,
    deadlineMs: UPLOAD_MS,
    otherwise: 'Look at the deployment log in the portal, then run the phase again.',
    signal,
    async look() {
      const state = await pollDeployment(arm, scmHost, at);
      return state.state === 'running' ? { seen: state.seen } : { done: state };
    },
  });
  if (ended.state === 'succeeded') return;
  throw new Stop(
    'failed',
    `The upload to ${scmHost} failed: ${ended.message}`,
    scmRestarted(ended.message)
      ? 'SCM restarted meanwhile: run the phase again.'
      : 'Look at the deployment log in the portal, then run the phase again.',
  );
}
