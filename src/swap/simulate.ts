import type { SlotSettings } from '../azure/slot-settings.ts';
import type { AppLook, Slot } from '../deployment/observed.ts';

/** What production's settings will be after `source` was swapped in: what is sticky stays, all else comes along. */
export function settingsAfterSwap(look: AppLook, source: Slot): SlotSettings {
  const { sticky } = look.app;
  return {
    appSettings: mixed(source.appSettings, look.production.appSettings, sticky.appSettings),
    connectionStrings: mixed(source.connectionStrings, look.production.connectionStrings, sticky.connectionStrings),
  };
}

/**
 * Safety rule 5: why visitors must not be sent to `source`; empty when they may. What counts is what production would have
 * afterwards: the instance was proven with its own settings, so none of them may change on the way.
 */
export function simulateSwap(look: AppLook, source: Slot): readonly string[] {
  const after = settingsAfterSwap(look, source);
  const reasons: string[] = [];
  for (const name of look.app.sticky.appSettings) {
    if (settingOf(source.appSettings, name) === settingOf(after.appSettings, name)) continue;
    reasons.push(
      `App setting ${name} is a slot setting: it would stay behind, and production would keep its own value.`,
    );
  }
  for (const name of look.app.sticky.connectionStrings) {
    if (settingOf(source.connectionStrings, name)?.value === settingOf(after.connectionStrings, name)?.value) continue;
    reasons.push(
      `Connection string ${name} is a slot setting: it would stay behind, and production would use its own database.`,
    );
  }
  for (const slot of [source, look.production]) {
    if (slot.state !== 'Running')
      reasons.push(`Slot ${slot.name} is ${slot.state}, and a swap needs both slots Running.`);
    if (slot.previewWith) reasons.push(`Slot ${slot.name} has a pending swap preview with ${slot.previewWith}.`);
    if (slot.autoSwapWith) reasons.push(`Slot ${slot.name} has auto-swap to ${slot.autoSwapWith}.`);
  }
  if (look.production.routed) {
    reasons.push('Production has traffic routing rules, which pin visitors to a slot by cookie for an hour.');
  }
  if (source.markerText === look.production.markerText) {
    reasons.push(`Slot ${source.name} and production carry the same marker "${source.markerText}".`);
  }
  return reasons;
}

/** Azure compares names of settings without regard to case, those of slotConfigNames, too. */
function settingOf<T>(settings: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.entries(settings).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}

function mixed<T>(
  travelling: Readonly<Record<string, T>>,
  staying: Readonly<Record<string, T>>,
  stickyNames: readonly string[],
): Record<string, T> {
  const sticky = new Set(stickyNames.map((name) => name.toLowerCase()));
  const entries = [
    ...Object.entries(travelling).filter(([name]) => !sticky.has(name.toLowerCase())),
    ...Object.entries(staying).filter(([name]) => sticky.has(name.toLowerCase())),
  ];
  return Object.fromEntries(entries);
}
