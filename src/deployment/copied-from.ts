import { createHash } from 'node:crypto';
import { holds } from './marker.ts';
import { byCodeUnits } from './names.ts';
import type { Observed, Slot } from './observed.ts';

/** What the read-only copy was made from, on the copy itself: see {@link copiedFrom}. */
export const COPIED_FROM = 'ZDD_COPIED_FROM';

/** Nobody could see how the build stood. */
const UNSEEN = 'unseen';

/**
 * `<settings>.<configuration>.<build>` of production as the copy takes it: a digest each. The build is the one that this run
 * has copied; where nothing was copied, the one that the copy was made from.
 */
export function copiedFrom(observed: Observed): string {
  const { production, thisRun } = observed;
  const build = thisRun.copiedRelease ?? (isOtherBuild(observed) ? undefined : recorded(observed)?.build);
  return [settingsOf(production), digest(sorted(production.travelling)), build ?? production.release ?? UNSEEN].join(
    '.',
  );
}

/** True when production was given another build since the copy was made. Not where nobody could see it. */
export function isOtherBuild(observed: Observed): boolean {
  const before = recorded(observed)?.build ?? UNSEEN;
  const now = observed.production.release ?? UNSEEN;
  return before !== UNSEEN && now !== UNSEEN && before !== now;
}

/** What production was given since the copy was made, as parts of a sentence; empty when nothing. */
export function changesSinceCopy(observed: Observed): readonly string[] {
  const before = recorded(observed);
  if (before === undefined) return [];
  const { production, readonlySlot } = observed;
  const changes: string[] = [];
  if (isOtherBuild(observed)) changes.push('another build');
  if (before.configuration !== digest(sorted(production.travelling))) changes.push('another configuration');
  if (before.settings !== settingsOf(production)) {
    const added = namesOf(production).filter((name) => !readonlySlot || !namesOf(readonlySlot).includes(name));
    changes.push(`other settings${added.length > 0 ? ` (${added.slice(0, 5).join(', ')})` : ''}`);
  }
  return changes;
}

function recorded({ readonlySlot, deploymentId }: Observed) {
  if (readonlySlot === null || !holds(readonlySlot, deploymentId, 'read-only')) return undefined;
  const [settings, configuration, build] = (readonlySlot.appSettings[COPIED_FROM] ?? '').split('.');
  return settings && configuration && build ? { settings, configuration, build } : undefined;
}

function settingsOf({ appSettings, connectionStrings }: Slot): string {
  return digest([sorted(appSettings), sorted(connectionStrings)]);
}

function namesOf({ appSettings, connectionStrings }: Slot): readonly string[] {
  return [...Object.keys(appSettings), ...Object.keys(connectionStrings)];
}

function sorted(record: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(record).sort(([a], [b]) => byCodeUnits(a, b));
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
