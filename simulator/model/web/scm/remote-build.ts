import type { World } from '../../world.ts';
import { planOf, siteOf } from '../lookup.ts';
import type { Slot } from '../state.ts';

/** What tells Oryx how a project is built: microsoft/Oryx doc/runtimes */
const PROJECT_FILE = /^(package\.json|requirements\.txt|pyproject\.toml|composer\.json|pom\.xml|[^/]*\.(cs|fs)proj)$/i;

/** How a deployment ends where Azure builds what it is given. */
export type Built = { readonly files: Record<string, Uint8Array> } | { readonly failure: string };

/**
 * Whether a zip is built again before it is run: with SCM_DO_BUILD_DURING_DEPLOYMENT, off by default for zips, and on
 * Linux (on Windows there is no project in a build's output, and it is copied as it is).
 * https://github.com/projectkudu/kudu/wiki/Deploying-from-a-zip-file-or-url
 */
export function buildsRemotely(world: World, slot: Slot): boolean {
  const { SCM_DO_BUILD_DURING_DEPLOYMENT: wish, WEBSITE_RUN_FROM_PACKAGE: mounted } = slot.occupant.settings;
  const isLinux = planOf(world, siteOf(world, slot)).reserved;
  return isLinux && /^(1|true)$/i.test(wish ?? '') && mounted !== '1';
}

/** Oryx's work: another output than the one it was given, or none where it finds no project. */
export function build(files: Readonly<Record<string, Uint8Array>>): Built {
  const project = Object.keys(files).find((path) => PROJECT_FILE.test(path));
  if (project === undefined) {
    return { failure: "Error: Couldn't detect a version for the platform in the repo. Oryx could not build it." };
  }
  const manifest = new TextEncoder().encode(`PlatformName="${project}"\nOperationId="built-again"\n`);
  return { files: { ...files, 'oryx-manifest.toml': manifest } };
}
