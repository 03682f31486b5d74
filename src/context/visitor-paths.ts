import { keptOut } from '../azure/failure.ts';
import type { ProbeResult } from '../azure/probe.ts';
import { companionSettings } from '../deployment/companions.ts';
import type { Companion, Slot } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';

/** What is known of production of each app that moves. */
export interface Productions {
  readonly production: Pick<Slot, 'host'>;
  readonly companions: readonly Companion[];
}

/** An app that visitors come to: the first one, or by its key another that moves together with it. */
export interface Visited {
  readonly key: string | undefined;
  readonly host: string;
  readonly settings: Settings;
}

export function visitedApps({ production, companions }: Productions, settings: Settings): readonly Visited[] {
  const others = companions.map(({ key, look }) => {
    return { key, host: look.production.host, settings: companionSettings(settings, key) };
  });
  return [{ key: undefined, host: production.host, settings }, ...others];
}

/** The paths that visitors are tried on. */
export function pathsOf({ healthPath, smokePaths }: Settings): readonly string[] {
  return [...new Set([healthPath, ...smokePaths])];
}

export function headersOf({ probeHeaders }: Settings): Readonly<Record<string, string>> {
  return Object.fromEntries(probeHeaders.map(({ name, value }) => [name, value]));
}

/** What is wrong with an answer to a path that visitors use, as the end of a sentence about it; undefined when it is fine. Health means exactly 200. */
export function wrongWith({ healthPath }: Settings, path: string, answer: ProbeResult): string | undefined {
  if ('error' in answer) return `got no answer (${answer.error})`;
  const isFine = path === healthPath ? answer.status === 200 : answer.status >= 200 && answer.status < 300;
  if (keptOut(answer)) return `answered ${answer.status}: App Service keeps this runner out, by its network or address`;
  return isFine ? undefined : `answered ${answer.status}`;
}
