import { createHash } from 'node:crypto';
import { readFile as readLocal } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { downloadZip, packageFileNamed, packageName } from '../azure/scm.ts';
import type { Context } from '../context/context.ts';
import { findOwnFiles, namesInSlot } from '../context/own-files.ts';
import { type Change, type Scene, seenSlot } from '../context/scene.ts';
import { buildId, type PackageFile } from '../deployment/build.ts';
import { buildSource } from '../deployment/build-source.ts';
import { byCodeUnits } from '../deployment/names.ts';
import { ownFilesText } from '../deployment/own-files.ts';
import { Stop } from '../errors.ts';
import { packageFault } from '../preflight/package.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { filesIn, unpacked } from '../system/zip-contents.ts';
import { carryFiles } from './carry-files.ts';
import { upload, withScm } from './upload.ts';
import { withVisitorsFiles } from './visitors-files.ts';

type BuildStep = StepOf<'copy-build' | 'upload-build' | 'carry-files' | 'empty-slot'>;

export async function applyBuild(scene: Scene, step: BuildStep): Promise<Change> {
  switch (step.kind) {
    case 'copy-build': {
      const zip = await liveBuild(scene);
      await upload(scene, step.slot, await withVisitorsFiles(scene, step.slot, zip));
      return { uploaded: { [step.slot]: contentDigest(zip) }, copiedRelease: scene.observed.production.release };
    }
    case 'upload-build':
      await upload(scene, step.slot, await withVisitorsFiles(scene, step.slot, await newBuild(scene, step.build)));
      return { uploaded: { [step.slot]: buildId(step.build) } };
    case 'carry-files':
      await carryFiles(scene, step);
      return done(step);
    case 'empty-slot':
      await emptySlot(scene, step.slot);
      return done(step);
  }
}

/** The same check as before: the file may be another one by now, and in the window nobody should wait for what cannot start. */
async function newBuild({ observed }: Scene, { path, sha256 }: PackageFile): Promise<Uint8Array> {
  const zip = await readLocal(path);
  if (createHash('sha256').update(zip).digest('hex') !== sha256) {
    throw new Stop(
      'refused',
      `The package ${path} has changed since this phase began; it was not uploaded.`,
      'Find out what writes to it, then run the phase again.',
    );
  }
  const fault = packageFault(observed, filesIn(zip));
  if (fault) throw new Stop('refused', fault.found, fault.fix);
  return zip;
}

/** An empty zip is refused by some versions of SCM; one line says why nothing is here. */
const EMPTY = zipSync(
  { 'zdd-empty.txt': strToU8('Emptied by zdd-action after a deployment.\n') },
  { mtime: '2020-01-01' },
);

/** Nothing of visitors is deleted with the only copy there is, unless `keep-files` says so. */
async function emptySlot(scene: Scene, name: string): Promise<void> {
  const { settings, observed, context } = scene;
  const slot = seenSlot(scene, name);
  if (hasServed(observed, name) && buildSource(slot).kind === 'files') {
    const there = namesInSlot(context.arm, observed.production.scmHost);
    const own = await withScm(scene, name, (scmHost) => findOwnFiles(context.arm, scmHost, there));
    if (own.length > 0 && settings.keepFiles?.length !== 0) {
      context.ports.log.warning(
        `Slot ${name} is not emptied: production does not have what visitors put into ${ownFilesText(own)}. Fetch it from https://${slot.scmHost}/newui, then run "cleanup" with keep-files: none, or delete the slot. The next deployment replaces its content.`,
      );
      return;
    }
  }
  await upload(scene, name, EMPTY);
}

/** The live build's slot, and the other one as soon as visitors were on the new build: after a rollback it holds what they put there. */
function hasServed({ record }: Scene['observed'], name: string): boolean {
  if (record === null) return false;
  return name === record.readonlySlot || record.visitorsOnOriginalSince !== undefined;
}

/** The build of production as a zip, in the way in which production runs it. */
async function liveBuild(scene: Scene): Promise<Uint8Array> {
  const { settings, observed, context } = scene;
  if (settings.currentPackage !== undefined) return readLocal(settings.currentPackage);
  const { scmHost } = observed.production;
  if (buildSource(observed.production).kind === 'files') {
    return whole(context, () => downloadZip(context.arm, scmHost, 'site/wwwroot'));
  }
  // On Linux SCM does not see the mounted package in wwwroot, so the package itself is read.
  // https://github.com/projectkudu/kudu/issues/3041
  const name = await packageName(context.arm, scmHost);
  const zip = name && (await packageFileNamed(context.arm, scmHost, name));
  if (zip) return zip;
  throw new Stop(
    'failed',
    'Production runs from a package (WEBSITE_RUN_FROM_PACKAGE=1), but its zip is not in /home/data/SitePackages.',
    'Give the zip file of the running build with input current-package.',
  );
}

/** SCM cuts a large zip off when it takes too long, and says so nowhere: projectkudu/kudu#2739, #3200. Once may be chance. */
async function whole({ ports }: Context, download: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const first = await download();
  if (filesIn(first)) return first;
  ports.log.info(`What SCM sent is not a whole zip file (${first.length} bytes); it is asked once more.`);
  const second = await download();
  if (filesIn(second)) return second;
  throw new Stop(
    'failed',
    `What SCM sends of production's build is not a whole zip file (${second.length} bytes).`,
    'Give the zip file of the running build with input current-package.',
  );
}

/** SCM zips anew at every download, with the times of the moment: only names and contents tell builds apart. */
function contentDigest(zip: Uint8Array): string {
  const hash = createHash('sha256');
  const files = Object.entries(unpacked(zip)).sort(([a], [b]) => byCodeUnits(a, b));
  for (const [path, bytes] of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
