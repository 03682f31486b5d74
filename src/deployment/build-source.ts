import type { Slot } from './observed.ts';

/**
 * How production runs its build, in the order in which App Service decides.
 * https://learn.microsoft.com/azure/app-service/deploy-run-package
 */
export type BuildSource =
  /** A container image; it comes along with `linuxFxVersion` or `windowsFxVersion`. */
  | { readonly kind: 'image'; readonly image: string }
  /** WEBSITE_RUN_FROM_PACKAGE=<URL>: the setting is the build, there is nothing to upload. */
  | { readonly kind: 'package-url' }
  /** WEBSITE_RUN_FROM_PACKAGE=1: a zip in /home/data/SitePackages; wwwroot may not show it. */
  | { readonly kind: 'package-file' }
  /** Files in /home/site/wwwroot. */
  | { readonly kind: 'files' };

export const RUN_FROM_PACKAGE = 'WEBSITE_RUN_FROM_PACKAGE';

/** The URL of the package that a slot runs; empty when it runs none of the kind. */
export function packageUrl({ appSettings }: Pick<Slot, 'appSettings'>): string {
  const url = appSettings[RUN_FROM_PACKAGE] ?? appSettings.WEBSITE_USE_ZIP ?? '';
  return /^https?:/i.test(url) ? url : '';
}

export function buildSource(slot: Slot): BuildSource {
  const stack = String(slot.travelling.linuxFxVersion || slot.travelling.windowsFxVersion);
  if (/^(DOCKER|COMPOSE|SITECONTAINERS)\b/i.test(stack)) return { kind: 'image', image: stack };
  const runFrom = slot.appSettings[RUN_FROM_PACKAGE] ?? slot.appSettings.WEBSITE_USE_ZIP;
  if (runFrom === undefined || runFrom === '' || runFrom === '0') return { kind: 'files' };
  return runFrom === '1' ? { kind: 'package-file' } : { kind: 'package-url' };
}
