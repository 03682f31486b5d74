import { missingOriginal } from '../deployment/missing-original.ts';
import type { Observed } from '../deployment/observed.ts';
import { inputsFor, suspendedText, toResume, toSuspend, unnamed } from '../deployment/suspended.ts';
import { type Suspended, suspendedEntry } from '../deployment/suspended-entry.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields } from '../steps/constructors.ts';
import type { Step } from '../steps/steps.ts';
import { refuse } from './refusals.ts';

/** What the inputs let the deployment put off is recorded before it is, so that whoever ends the deployment knows it. */
export function suspendSteps(settings: Settings, observed: Observed): readonly (Step | false | readonly Step[])[] {
  const now = toSuspend(settings, observed);
  if (now.length === 0) return [];
  const recorded = observed.record?.suspended ?? [];
  const all = [...new Set([...recorded, ...now.map(suspendedEntry)])].sort();
  return [
    all.length > recorded.length && recordFields({ suspended: all }, '"cleanup" must know what it has to put back'),
    changes(now, 'off', 'it would get in the way of the deployment'),
  ];
}

/** Before visitors are moved: somebody may have turned it on again. */
export function refuseResumed(settings: Settings, observed: Observed): void {
  const again = toSuspend(settings, observed);
  if (again.length === 0) return;
  refuse(
    `What was off for this deployment is on again: ${inputsFor(again)}.`,
    'Run "read-only" again: it puts it off, and makes the copy anew where that must be.',
  );
}

/** The end of the deployment: as it was. What no input of this run names is left, since a tag alone must not decide about it. */
export function resumeSteps(observed: Observed): readonly Step[] {
  return changes(toResume(observed), 'on', 'it was so before the deployment');
}

export function refuseUnnamed(settings: Settings, observed: Observed): void {
  const left = unnamed(settings, observed.record?.suspended);
  if (left.length === 0) return;
  refuse(
    `For this deployment ${suspendedText(left)}, and this run is not told that it was otherwise before.`,
    `Run "cleanup" with ${inputsFor(left)}, as "read-only" had it: it puts that back.`,
  );
}

/** Production restarts when its slot settings change, and what it connects to by name must be there then. */
export function refuseRestart(observed: Observed): void {
  if (toResume(observed).every(({ kind }) => kind === 'auto-swap')) return;
  const missing = missingOriginal(observed);
  if (missing) throw missing;
}

function changes(all: readonly Suspended[], to: 'on' | 'off', because: string): readonly Step[] {
  const of = (kind: Suspended['kind']) => all.filter((each) => each.kind === kind).map(({ name }) => name);
  const [appSettings, connectionStrings] = [of('app-setting'), of('connection-string')];
  const named = appSettings.length + connectionStrings.length;
  return [
    ...of('auto-swap').map((slot): Step => ({ kind: 'set-auto-swap', slot, to, because })),
    ...(named > 0 ? [{ kind: 'set-slot-settings', appSettings, connectionStrings, to, because } satisfies Step] : []),
  ];
}
