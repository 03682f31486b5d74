import { findOwnFiles, namesAmong } from '../context/own-files.ts';
import type { Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import { buildSource } from '../deployment/build-source.ts';
import type { Check } from '../deployment/check.ts';
import type { AppLook } from '../deployment/observed.ts';
import { keepThem, lostFiles, ownFilesText } from '../deployment/own-files.ts';
import { filesInPackage } from '../system/zip-contents.ts';
import { failed, notLookedAt, passed } from './verdicts.ts';

const NAME = 'files on the app’s own disk';

/** Whether visitors keep files where no package brings them: the new build would not have them. */
export async function checkOwnFiles({ context, settings, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const { production, newBuild } = observed;
  const { keepFiles } = settings;
  if (buildSource(production).kind !== 'files') return [];
  if (keepFiles?.length === 0) return [passed(NAME, 'keep-files: none says that what is in no package may be lost.')];
  const seen = await see(context.signal, async () => {
    const files = newBuild?.kind === 'package' ? await filesInPackage(newBuild.path) : undefined;
    return findOwnFiles(context.arm, production.scmHost, files ? namesAmong(files) : undefined);
  });
  if (seen.why !== undefined) return [notLookedAt(NAME, seen.why)];
  const lost = lostFiles(keepFiles, seen.value);
  if (lost.length > 0) {
    return [failed(NAME, `No package brings ${ownFilesText(lost)}.`, keepThem(keepFiles, lost))];
  }
  const found = keepFiles ? `What is in ${keepFiles.join(', ')} is carried to the new build.` : 'None was found.';
  return [passed(NAME, found)];
}
