import { buildSource } from '../deployment/build-source.ts';
import type { Observed } from '../deployment/observed.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/** The kept files of the live build, once a run, to a slot that visitors will come to. */
export function carrySteps(settings: Settings, observed: Observed, slot: string): Step[] {
  const { keepFiles: folders = [] } = settings;
  const live = liveBuildSlot(observed);
  if (folders.length === 0 || buildSource(live).kind !== 'files' || isDone(observed, 'carry-files', slot)) return [];
  return [{ kind: 'carry-files', slot, from: live.name, folders, because: 'no package has what visitors put there' }];
}
