import type { SlotConfigNames, StickyKinds } from './state.ts';

/** A copy of the three kinds of settings that can be sticky. */
export function kindsOf(from: StickyKinds): StickyKinds {
  return {
    settings: { ...from.settings },
    connectionStrings: { ...from.connectionStrings },
    storageMounts: { ...from.storageMounts },
  };
}

/** `travelling` without what is sticky, and with what is sticky in `staying`: what a slot has after a swap, or when it is prepared for one. */
export function withStickyOf(travelling: StickyKinds, staying: StickyKinds, names: SlotConfigNames): StickyKinds {
  return {
    settings: merge(travelling.settings, staying.settings, names.appSettingNames),
    connectionStrings: merge(travelling.connectionStrings, staying.connectionStrings, names.connectionStringNames),
    storageMounts: merge(travelling.storageMounts, staying.storageMounts, names.azureStorageConfigNames),
  };
}

function merge<T>(
  travelling: Readonly<Record<string, T>>,
  staying: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> {
  const sticky = new Set(names.map((name) => name.toLowerCase()));
  const merged: Record<string, T> = {};
  for (const [name, value] of Object.entries(travelling)) if (!sticky.has(name.toLowerCase())) merged[name] = value;
  for (const [name, value] of Object.entries(staying)) if (sticky.has(name.toLowerCase())) merged[name] = value;
  return merged;
}
