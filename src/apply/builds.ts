import { createHash } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { downloadPackage, downloadZip, packageName } from '../azure/scm.ts';
import type { Context } from '../context/context.ts';
import { findOwnFiles, namesInSlot } from '../context/own-files.ts';
import { type Change, type Scene, seenSlot } from '../context/scene.ts';
import { buildId, type PackageFile } from '../deployment/build.ts';
import { buildSource } from '../deployment/build-source.ts';
import { byCodeUnits } from '../deployment/names.ts';
import { ownFilesText } from '../deployment/own-files.ts';
import { Stop } from '../errors.ts';
import type { FileBody } from '../ports.ts';
import { packageFault } from '../preflight/package.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { fileBody } from '../system/file-body.ts';
import { inScratch } from '../system/scratch.ts';
import { filesInPackage, zipDirectory } from '../system/zip-contents.ts';
import { carryFiles } from './carry-files.ts';
import { upload, withScm } from './upload.ts';
import { withVisitorsFiles } from './visitors-files.ts';

type BuildStep = StepOf<'copy-build' | 'upload-build' | 'carry-files' | 'empty-slot'>;

export function applyBuild(scene: Scene, step: BuildStep): Promise<Change> {
  return inScratch(scene.settings.github.temp, (scratch) => applyIn(scratch, scene, step));
}

async function applyIn(scratch: string, scene: Scene, step: BuildStep): Promise<Change> {
  switch (step.kind) {
    case 'copy-build': {
      const path = await liveBuild(scene, join(scratch, 'live.zip'));
      const zip = await fileBody(path);
      const digest = await contentDigest(path);
      await upload(scene, step.slot, await withVisitorsFiles(scene, step.slot, zip, scratch));
      return { uploaded: { [step.slot]: digest }, copiedRelease: scene.observed.production.release };
    }
    case 'upload-build': {
      const zip = await newBuild(scene, step.build);
      await upload(scene, step.slot, await withVisitorsFiles(scene, step.slot, zip, scratch));
      return { uploaded: { [step.slot]: buildId(step.build) } };
    }
    case 'carry-files':
      await carryFiles(scene, step);
      return done(step);
    case 'empty-slot':
      await emptySlot(scene, step.slot, scratch);
      return done(step);
  }
}

/** The same check as before: the file may be another one by now, and in the window nobody should wait for what cannot start. */
async function newBuild({ observed }: Scene, { path, sha256 }: PackageFile): Promise<FileBody> {
  const zip = await fileBody(path);
  if (zip.sha256 !== sha256) {
    throw new Stop(
      'refused',
      `The package ${path} has changed since this phase began; it was not uploaded.`,
      'Find out what writes to it, then run the phase again.',
    );
  }
  const fault = packageFault(observed, await filesInPackage(path));
  if (fault) throw new Stop('refused', fault.found, fault.fix);
  return zip;
}

/** An empty zip is refused by some versions of SCM; one line says why nothing is here. */
const EMPTY = zipSync(
  { 'zdd-empty.txt': strToU8('Emptied by zdd-action after a deployment.\n') },
  { mtime: '2020-01-01' },
);

/** Nothing of visitors is deleted with the only copy there is, unless `keep-files` says so. */
async function emptySlot(scene: Scene, name: string, scratch: string): Promise<void> {
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
  const empty = join(scratch, 'empty.zip');
  await writeFile(empty, EMPTY);
  await upload(scene, name, await fileBody(empty));
}

/** The live build's slot, and the other one as soon as visitors were on the new build: after a rollback it holds what they put there. */
function hasServed({ record }: Scene['observed'], name: string): boolean {
  if (record === null) return false;
  return name === record.readonlySlot || record.visitorsOnOriginalSince !== undefined;
}

/** The build of production as a zip, in the way in which production runs it. @returns where it lies: `into`, or where it was given. */
async function liveBuild(scene: Scene, into: string): Promise<string> {
  const { settings, observed, context } = scene;
  if (settings.currentPackage !== undefined) return settings.currentPackage;
  const { scmHost } = observed.production;
  if (buildSource(observed.production).kind === 'files') {
    await whole(context, into, () => downloadZip(context.arm, scmHost, 'site/wwwroot', into));
    return into;
  }
  // On Linux SCM does not see the mounted package in wwwroot, so the package itself is read.
  // https://github.com/projectkudu/kudu/issues/3041
  const name = await packageName(context.arm, scmHost);
  if (name !== null && (await downloadPackage(context.arm, scmHost, name, into))) return into;
  throw new Stop(
    'failed',
    'Production runs from a package (WEBSITE_RUN_FROM_PACKAGE=1), but its zip is not in /home/data/SitePackages.',
    'Give the zip file of the running build with input current-package.',
  );
}

/** SCM cuts a large zip off when it takes too long, and says so nowhere: projectkudu/kudu#2739, #3200. Once may be chance. */
async function whole({ ports }: Context, file: string, download: () => Promise<void>): Promise<void> {
  await download();
  if (await filesInPackage(file)) return;
  ports.log.info(`What SCM sent is not a whole zip file (${(await stat(file)).size} bytes); it is asked once more.`);
  await download();
  if (await filesInPackage(file)) return;
  throw new Stop(
    'failed',
    `What SCM sends of production's build is not a whole zip file (${(await stat(file)).size} bytes).`,
    'Give the zip file of the running build with input current-package.',
  );
}

/**
 * SCM zips anew at every download, with the times of the moment: only names and contents tell builds apart. The table of contents has
 * of each file its size and a checksum of what is in it, so that nothing need be unpacked.
 */
async function contentDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  const files = [...((await zipDirectory(path))?.entries ?? [])].sort((a, b) => byCodeUnits(a.name, b.name));
  for (const { name, size, crc } of files) if (!name.endsWith('/')) hash.update(`${name}\0${size}\0${crc}\0`);
  return hash.digest('hex');
}
