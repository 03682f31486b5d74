import type { Settings } from '../settings/settings.ts';
import { appKey, appOfKey } from './app-key.ts';
import { holds } from './marker.ts';
import type { Companion, Observed, Slot } from './observed.ts';
import type { DeploymentRecord } from './record.ts';
import { slots } from './slots.ts';
import { serving } from './stage.ts';
import { freshRun } from './this-run.ts';

type Named = Pick<Companion, 'key' | 'does'>;

/** Those of the inputs. */
export function namedCompanions({ otherApps }: Settings): readonly Named[] {
  return otherApps.flatMap((app) => (app.does === 'stop' ? [] : [{ key: appKey(app), does: app.does }]));
}

/** Those that `clone` has recorded. */
export function recordedCompanions({ companions = [] }: DeploymentRecord): readonly Named[] {
  return companions.map((entry) => {
    const [key = '', does] = entry.split('=');
    return { key, does: does === 'build' ? 'build' : 'read-only' };
  });
}

/** As the record has them. */
export function companionEntries(settings: Settings): readonly string[] {
  return namedCompanions(settings).map(({ key, does }) => `${key}=${does}`);
}

/** The look at a companion in the place of the first app, with what this run knows of it: what decides on one app decides on it. */
export function focusOn(observed: Observed, { key, look }: Companion): Observed {
  return {
    ...observed,
    ...look,
    thisRun: observed.thisRun.companions?.[key] ?? freshRun,
    companions: [],
    otherApps: [],
    teamSlots: [],
  };
}

/**
 * The settings of a run for a companion: its own build, what is said of all apps, and what is said of it alone. What is said of the
 * pages and the disk of the first app says nothing of another.
 */
export function companionSettings(settings: Settings, key: string): Settings {
  const { resourceGroup, name } = appOfKey(key);
  const named = settings.otherApps.find((app) => appKey(app) === key);
  const isUrl = /^https:/i.test(named?.package ?? '');
  return {
    ...settings,
    resourceGroup,
    appName: name,
    package: isUrl ? undefined : named?.package,
    packageUrl: isUrl ? named?.package : undefined,
    image: named?.image,
    currentPackage: undefined,
    ...(settings.ofApps[key] ?? settings.ofOthers),
    readOnlyProbes: [],
    writeProbes: [],
    expectedVersion: undefined,
  };
}

/** Who the visitors of a companion are with. */
export function sideOf(observed: Observed, companion: Companion): ReturnType<typeof serving> {
  return serving(focusOn(observed, companion));
}

/** Those whose visitors are elsewhere than those of the first app. */
export function apartFrom(observed: Observed): readonly Companion[] {
  return observed.companions.filter((companion) => sideOf(observed, companion) !== serving(observed));
}

/** The slot with the candidate of a companion: its new build, or its live build where it has none or a rollback brought it back. */
export function candidateOf({ record }: Pick<Observed, 'record'>, { does, look }: Companion): Slot | null {
  return does === 'build' && record?.candidate?.role === 'new' ? look.stagingSlot : look.readonlySlot;
}

/** Where its read-only copy is, when it is not in production. */
export function copyOf({ deploymentId }: Pick<Observed, 'deploymentId'>, { look }: Companion): Slot | null {
  return slots(look).find((slot) => holds(slot, deploymentId, 'read-only')) ?? null;
}
