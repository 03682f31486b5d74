import type { SlotSettings } from '../azure/slot-settings.ts';

/** Where a setting stands. */
export interface Place {
  readonly kind: 'app-setting' | 'connection-string';
  readonly name: string;
}

export function places(settings: SlotSettings): readonly { readonly place: Place; readonly value: string }[] {
  return [
    ...Object.entries(settings.appSettings).map(([name, value]) => ({
      place: { kind: 'app-setting' as const, name },
      value,
    })),
    ...Object.entries(settings.connectionStrings).map(([name, { value }]) => ({
      place: { kind: 'connection-string' as const, name },
      value,
    })),
  ];
}
