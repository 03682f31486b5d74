import type { App, DatabasePart } from './observed.ts';
import { type Suspended, suspendedIn } from './suspended-entry.ts';

/** What the inputs name. */
export interface Named {
  readonly pauseAutoSwap: readonly string[];
  readonly releaseSlotSettings: readonly string[];
}

/** What of it is in force now and is put off next: auto-swap into production alone, and settings that are slot settings. */
export function toSuspend(named: Named, { app, teamSlots }: Look): readonly Suspended[] {
  const release = new Set(named.releaseSlotSettings.map(lower));
  const { appSettings, connectionStrings } = app.sticky;
  return [
    ...teamSlots
      .filter((slot) => isNamed(named.pauseAutoSwap, slot.name) && lower(slot.autoSwapWith ?? '') === 'production')
      .map(({ name }) => ({ kind: 'auto-swap' as const, name })),
    ...appSettings.filter((name) => release.has(lower(name))).map((name) => ({ kind: 'app-setting' as const, name })),
    ...connectionStrings
      .filter((name) => release.has(lower(name)))
      .map((name) => ({ kind: 'connection-string' as const, name })),
  ];
}

/** What was put off and is not in force again. */
export function toResume({ app, teamSlots, record }: Look & Pick<DatabasePart, 'record'>): readonly Suspended[] {
  return suspendedIn(record?.suspended).filter(({ kind, name }) => {
    if (kind === 'auto-swap')
      return teamSlots.some((slot) => lower(slot.name) === lower(name) && slot.autoSwapWith === null);
    const sticky = kind === 'app-setting' ? app.sticky.appSettings : app.sticky.connectionStrings;
    return !isNamed(sticky, name);
  });
}

/** What was recorded and this run's inputs do not name: whoever writes tags may have written it there. */
export function unnamed(named: Named, entries: readonly string[] | undefined): readonly Suspended[] {
  return suspendedIn(entries).filter(
    ({ kind, name }) => !isNamed(kind === 'auto-swap' ? named.pauseAutoSwap : named.releaseSlotSettings, name),
  );
}

/** What is put off, for people. */
export function suspendedText(all: readonly Suspended[]): string {
  const slots = all.filter(({ kind }) => kind === 'auto-swap').map(({ name }) => name);
  const settings = all.filter(({ kind }) => kind !== 'auto-swap').map(({ name }) => name);
  return [
    ...(slots.length > 0 ? [`auto-swap of ${slots.join(', ')} is off`] : []),
    ...(settings.length > 0
      ? [`${settings.join(', ')} ${settings.length > 1 ? 'are no slot settings' : 'is no slot setting'}`]
      : []),
  ].join(', and ');
}

/** The inputs that name them. */
export function inputsFor(all: readonly Suspended[]): string {
  const of = (input: string, wanted: readonly Suspended[]) =>
    wanted.length > 0 ? [`${input}: ${wanted.map(({ name }) => name).join(', ')}`] : [];
  return [
    ...of(
      'pause-auto-swap',
      all.filter(({ kind }) => kind === 'auto-swap'),
    ),
    ...of(
      'release-slot-settings',
      all.filter(({ kind }) => kind !== 'auto-swap'),
    ),
  ].join(' and ');
}

interface Look extends Pick<DatabasePart, 'teamSlots'> {
  readonly app: Pick<App, 'sticky'>;
}

function isNamed(names: readonly string[], name: string): boolean {
  return names.some((each) => lower(each) === lower(name));
}

function lower(text: string): string {
  return text.toLowerCase();
}
