import type { Settings } from '../settings/settings.ts';

/** When no limit is given: a day, which leaves a night for a reviewer. */
const USUAL_MINUTES = 1440;

/** For how long visitors may have to stay on the read-only copy, in minutes: what expires sooner is in the way. */
export function longestWindow({ maxReadOnlyMinutes }: Settings): number {
  return maxReadOnlyMinutes ?? USUAL_MINUTES;
}

/** Such as `1440 minutes (no max-read-only-minutes is given)`. */
export function windowText(settings: Settings): string {
  const given =
    settings.maxReadOnlyMinutes === undefined ? 'no max-read-only-minutes is given' : 'max-read-only-minutes';
  return `${longestWindow(settings)} minutes (${given})`;
}
