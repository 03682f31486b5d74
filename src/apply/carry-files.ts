import { join } from 'node:path';
import { downloadFile, listDirectory, type ScmEntry, scmIsStopped, writeFile } from '../azure/scm.ts';
import { type Scene, seenSlot } from '../context/scene.ts';
import { placeOf } from '../deployment/kept-folders.ts';
import type { StepOf } from '../steps/steps.ts';
import { fileBody } from '../system/file-body.ts';
import { inScratch } from '../system/scratch.ts';
import { withScm } from './upload.ts';
import { whenIdle } from './when-idle.ts';

const AT_ONCE = 4;

/** Brings the kept files to a slot that does not have them yet, or has an older one. What only the slot has stays. */
export async function carryFiles(scene: Scene, step: StepOf<'carry-files'>): Promise<void> {
  const { log } = scene.context.ports;
  const source = sourceOf(scene, step.from);
  const carry = () =>
    withScm(scene, step.slot, async (to) => {
      let count = 0;
      for (const folder of step.folders) count += await carryFolder(scene, source, [step.slot, to], folder);
      return count;
    });
  // The new build was disarmed when it was stopped; the live build is not, and must not run to be read.
  const carried = await (step.from === scene.observed.stagingSlot?.name ? withScm(scene, step.from, carry) : carry());
  log.info(`${carried} kept files were carried from ${step.from} to ${step.slot}.`);
}

/** @returns how many files were sent. */
async function carryFolder(
  scene: Scene,
  source: ReturnType<typeof sourceOf>,
  [slot, to]: readonly [slot: string, scmHost: string],
  folder: string,
): Promise<number> {
  const { arm } = scene.context;
  const at = placeOf(folder);
  const [wanted, there] = await Promise.all([
    source((host) => listDirectory(arm, host, at)),
    listDirectory(arm, to, at),
  ]);
  const files = (wanted ?? []).filter((entry) => !entry.isDirectory && isNews(entry, there ?? []));
  let count = files.length;
  while (files.length > 0) await Promise.all(files.splice(0, AT_ONCE).map(({ name }) => carryFile(`${at}${name}`)));
  for (const { name, isDirectory } of wanted ?? []) {
    if (isDirectory) count += await carryFolder(scene, source, [slot, to], `${folder}${name}/`);
  }
  return count;

  async function carryFile(path: string): Promise<void> {
    await inScratch(scene.settings.github.temp, async (scratch) => {
      const file = join(scratch, 'file');
      if (!(await source((host) => downloadFile(arm, host, path, file)))) return;
      const body = await fileBody(file);
      await whenIdle(scene, slot, `write ${path}`, () => writeFile(arm, to, path, body));
    });
  }
}

function isNews(file: ScmEntry, there: readonly ScmEntry[]): boolean {
  const known = there.find(({ name }) => name === file.name);
  return known === undefined || known.size !== file.size || Date.parse(known.modified) < Date.parse(file.modified);
}

/**
 * The live build's slot is stopped in the window and must not run: where SCM stops with it, the read-only copy in production
 * tells what was there until `switch`.
 */
function sourceOf(scene: Scene, from: string) {
  const { production, readonlySlot } = scene.observed;
  let host = seenSlot(scene, from).scmHost;
  return async <T>(read: (scmHost: string) => Promise<T>): Promise<T> => {
    try {
      return await read(host);
    } catch (error) {
      if (!scmIsStopped(error) || host === production.scmHost || from !== readonlySlot?.name) throw error;
      scene.context.ports.log.warning(
        `SCM of slot ${from} does not answer while it is stopped: kept files are taken from the read-only copy. What visitors put there in the last moments before the swap is in slot ${from} only; input keep-live-build lets "cleanup" leave it.`,
      );
      host = production.scmHost;
      return read(host);
    }
  };
}
