import type { Observed } from '../deployment/observed.ts';
import { recordFields, startApp, stopApp } from '../steps/constructors.ts';
import type { Step } from '../steps/steps.ts';

/**
 * Other apps are recorded before they are stopped: whatever ends the deployment starts exactly those that ran. Stopped are only
 * those that the inputs name: a tag must not be able to have an app stopped.
 */
export function stopOtherApps(observed: Observed): { readonly first: Step | false; readonly stops: readonly Step[] } {
  const running = observed.otherApps
    .filter(({ site, named }) => named && site?.state === 'Running')
    .map(({ key }) => key);
  const recorded = observed.record?.stoppedApps ?? [];
  const all = [...new Set([...recorded, ...running])].sort();
  return {
    first:
      all.length > recorded.length &&
      recordFields({ stoppedApps: all }, 'what ends the deployment must know which of them ran'),
    stops: running.map((app) => stopApp(app, 'it must not write to the originals meanwhile')),
  };
}

/** Those that were stopped start again; one that somebody has deleted meanwhile keeps nobody waiting. */
export function startOtherApps(observed: Observed): readonly Step[] {
  const stopped = new Set(observed.record?.stoppedApps ?? []);
  return observed.otherApps
    .filter(({ key, site }) => stopped.has(key) && site !== null && site.state !== 'Running')
    .map(({ key }) => startApp(key, 'the originals need not be quiet any more'));
}

/** What the record forgets once they run. */
export function forgetOtherApps({ record }: Observed): { readonly stoppedApps?: undefined } {
  return record?.stoppedApps === undefined ? {} : { stoppedApps: undefined };
}
