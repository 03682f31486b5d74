import { Unmodelled, type World } from '../../world.ts';
import { addContent, below, contentOf, packageName, viewOf, WWWROOT } from '../content.ts';
import { planOf, siteOf } from '../lookup.ts';
import type { Slot } from '../state.ts';

/** What the SCM site of Linux shows in wwwroot while a package is mounted for the app alone. */
const HOSTING_START = new TextEncoder().encode(
  '<!DOCTYPE html><html><head><title>Microsoft Azure App Service</title></head></html>\n',
);

/**
 * Everything below `/home` as Kudu sees it. With a mounted package: on Windows the package is there, read-only;
 * on Linux Kudu does not see the mount but only hostingstart.html.
 * https://github.com/projectkudu/kudu/issues/3041, https://github.com/microsoft/azure-pipelines-tasks/issues/11440
 */
export function homeAsKuduSees(world: World, slot: Slot): Readonly<Record<string, Uint8Array>> {
  const { contentId } = slot.occupant;
  const { files } = contentOf(world, contentId);
  if (!isMounted(world, slot)) return files;
  const others = Object.entries(files).filter(([path]) => !path.startsWith(WWWROOT));
  const mounted = planOf(world, siteOf(world, slot)).reserved
    ? { 'hostingstart.html': HOSTING_START }
    : viewOf(world, `${contentId}#package`);
  return { ...Object.fromEntries(others), ...under(WWWROOT, mounted) };
}

/** Whether the app runs from a package that is mounted over wwwroot. */
export function isMounted(world: World, slot: Slot): boolean {
  const { contentId, settings } = slot.occupant;
  return settings.WEBSITE_RUN_FROM_PACKAGE === '1' && packageName(contentOf(world, contentId)) !== undefined;
}

/** Changes files of the volume at once; the running app keeps what it has in memory. `undefined` removes a file. */
export function changeFiles(
  world: World,
  slot: Slot,
  changes: Readonly<Record<string, Uint8Array | undefined>>,
  now: number,
): void {
  if (isMounted(world, slot) && Object.keys(changes).some((path) => path.startsWith(WWWROOT))) {
    throw new Unmodelled('a write below site/wwwroot while a package is mounted there');
  }
  const content = contentOf(world, slot.occupant.contentId);
  const files: Record<string, Uint8Array> = { ...content.files };
  const times = { ...content.times };
  for (const [path, bytes] of Object.entries(changes)) {
    if (bytes === undefined) delete files[path];
    else files[path] = bytes;
    times[path] = now;
  }
  slot.occupant.contentId = addContent(world, files, content.manifest, content.at, times);
}

/** The same files below a folder. */
export function under(folder: string, files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [folder + path, bytes]));
}

/** The names directly below a folder: files with their bytes, folders without. */
export function entriesOf(
  files: Readonly<Record<string, Uint8Array>>,
  folder: string,
): Map<string, Uint8Array | undefined> {
  const entries = new Map<string, Uint8Array | undefined>();
  for (const [path, bytes] of Object.entries(below(files, folder))) {
    const [name = '', ...deeper] = path.split('/');
    entries.set(name, deeper.length === 0 ? bytes : undefined);
  }
  return entries;
}
