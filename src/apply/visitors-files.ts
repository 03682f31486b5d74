import { join } from 'node:path';
import { downloadFile, listDirectory } from '../azure/scm.ts';
import { findOwnFiles, namesAmong } from '../context/own-files.ts';
import { type Scene, seenSlot } from '../context/scene.ts';
import { buildSource } from '../deployment/build-source.ts';
import { liesBeside } from '../deployment/kept-folders.ts';
import { holds } from '../deployment/marker.ts';
import { keepThem, lostFiles, ownFilesText } from '../deployment/own-files.ts';
import { Stop } from '../errors.ts';
import type { FileBody } from '../ports.ts';
import { fileBody } from '../system/file-body.ts';
import { type Addition, withAdditions } from '../system/zip-additions.ts';
import { filesInPackage } from '../system/zip-contents.ts';
import { withScm } from './upload.ts';

/**
 * An upload replaces all there is. What visitors put into a new build that was withdrawn from them goes along with the next one, as
 * far as `keep-files` names it; where it says nothing, nothing is replaced.
 * @param scratch a folder of ours for what is fetched.
 */
export async function withVisitorsFiles(scene: Scene, name: string, zip: FileBody, scratch: string): Promise<FileBody> {
  const { settings, observed } = scene;
  const slot = seenSlot(scene, name);
  const wasServing =
    observed.record?.visitorsOnOriginalSince !== undefined && holds(slot, observed.deploymentId, 'new');
  if (!wasServing || buildSource(slot).kind !== 'files' || settings.keepFiles?.length === 0) return zip;
  const { arm } = scene.context;
  const inPackage = namesAmong((await filesInPackage(zip.file)) ?? []);
  const own = await withScm(scene, name, (host) => findOwnFiles(arm, host, inPackage));
  const lost = lostFiles(settings.keepFiles, own);
  if (lost.length > 0) {
    throw new Stop(
      'refused',
      `Slot ${name} has what visitors put into the build that was withdrawn, in ${ownFilesText(lost)}, and an upload would delete it.`,
      `${keepThem(settings.keepFiles, lost)}, then run the phase again.`,
    );
  }
  const kept: Addition[] = [];
  // What lies beside wwwroot is not replaced.
  for (const folder of settings.keepFiles?.filter((each) => !liesBeside(each)) ?? [])
    await withScm(scene, name, (host) => fetchFrom(host, folder));
  if (kept.length === 0) return zip;
  const whole = join(scratch, 'with-kept-files.zip');
  await withAdditions(zip.file, kept, whole);
  return fileBody(whole);

  async function fetchFrom(host: string, folder: string): Promise<void> {
    for (const entry of (await listDirectory(arm, host, `site/wwwroot/${folder}`)) ?? []) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory) await fetchFrom(host, `${path}/`);
      else {
        const file = join(scratch, `kept-${kept.length}`);
        if (await downloadFile(arm, host, `site/wwwroot/${path}`, file)) kept.push({ name: path, file });
      }
    }
  }
}
