import { buildSource } from '../deployment/build-source.ts';
import { liesBeside } from '../deployment/kept-folders.ts';
import { holds } from '../deployment/marker.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/** The kept files of the live build, once a run, to a slot that visitors will come to, and what a build needs beside wwwroot. */
export function carrySteps(settings: Settings, observed: Observed, slot: string): Step[] {
  return carry(settings, observed, slot, liveBuildSlot(observed));
}

/** What production's build needs beside wwwroot to start, for another slot: it is in no zip and no package. */
export function besideSteps(settings: Settings, observed: Observed, slot: string): Step[] {
  const { keepFiles } = settings;
  return carry({ ...settings, keepFiles: keepFiles?.filter(liesBeside) }, observed, slot, observed.production);
}

/** In mode `read-write` visitors write in the window, to the disk of the copy, too. */
export function carryFromCopy(settings: Settings, observed: Observed, record: DeploymentRecord, slot: string): Step[] {
  return record.mode === 'read-write' ? carry(settings, observed, slot, observed.production) : [];
}

/** What visitors have put into the new build that is rolled back, to the build that they come back to. */
export function carryFromNewBuild(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
  slot: string,
): Step[] {
  const { stagingSlot: from, deploymentId } = observed;
  if (from === null || record.visitorsOnOriginalSince === undefined || !holds(from, deploymentId, 'new')) return [];
  return carry(settings, observed, slot, from);
}

function carry(settings: Settings, observed: Observed, slot: string, from: Slot): Step[] {
  const folders = keptFolders(settings, from);
  if (folders.length === 0 || isDone(observed, 'carry-files', slot)) return [];
  return [{ kind: 'carry-files', slot, from: from.name, folders, because: 'no package has what lies there' }];
}

/** Nothing is written below wwwroot where a package is mounted; an image has files of its own. */
function keptFolders({ keepFiles: folders = [] }: Settings, from: Slot): readonly string[] {
  const { kind } = buildSource(from);
  if (kind === 'files') return folders;
  return kind === 'image' ? [] : folders.filter(liesBeside);
}
