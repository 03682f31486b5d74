import type { SlotSettings } from '../azure/slot-settings.ts';

/** Where a setting stands. */
export interface Place {
  readonly kind: 'app-setting' | 'connection-string';
  readonly name: string;
}

export interface Placed {
  readonly place: Place;
  readonly value: string;
  /** Of a connection string, as App Service calls it. */
  readonly type?: string;
}

export function places(settings: SlotSettings): readonly Placed[] {
  return [
    ...Object.entries(settings.appSettings).map(([name, value]) => ({
      place: { kind: 'app-setting' as const, name },
      value,
    })),
    ...Object.entries(settings.connectionStrings).map(([name, { value, type }]) => ({
      place: { kind: 'connection-string' as const, name },
      value,
      type,
    })),
  ];
}
