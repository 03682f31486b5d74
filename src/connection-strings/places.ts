import type { SlotSettings } from '../azure/slot-settings.ts';

/** Where a setting stands. */
export interface Place {
  readonly kind: 'app-setting' | 'connection-string';
  readonly name: string;
}

export interface Placed {
  readonly place: Place;
  /** What the app gets: of a reference what it stands for, where that is known. */
  readonly value: string;
  /** Of a connection string, as App Service calls it. */
  readonly type?: string;
}

export function places(settings: SlotSettings): readonly Placed[] {
  const known = (text: string) => settings.secrets?.[text]?.value ?? text;
  return [
    ...Object.entries(settings.appSettings).map(([name, value]) => ({
      place: { kind: 'app-setting' as const, name },
      value: known(value),
    })),
    ...Object.entries(settings.connectionStrings).map(([name, { value, type }]) => ({
      place: { kind: 'connection-string' as const, name },
      value: known(value),
      type,
    })),
  ];
}
