import type { Arm } from '../azure/arm.ts';
import { latestDeployment, listDirectory, type ScmEntry } from '../azure/scm.ts';
import type { OwnFiles } from '../deployment/own-files.ts';

/** How another content looks: the new build's package, or what production has. Null for a folder that it does not have. */
export type NamesIn = (folder: string) => Promise<ReadonlySet<string> | null>;

/** Folders that are looked into: a look is a request, and whole libraries of media have thousands. */
const MOST_FOLDERS = 150;
const AT_ONCE = 8;
/** Of builds, of tools, and what nobody needs again. */
const PASSED_OVER = /^(node_modules|bin|obj|runtimes|refs|\.git|__pycache__|antenv|vendor|logs?|te?mp|cache|jobs)$/i;
const NOT_KEPT = /\.(log|tmp|pid|lock)$/i;

/**
 * Finds the files below wwwroot that no deployment brought: what is younger than the build, and whole folders, such as
 * `media/` or `wwwroot/media/`, that the other content does not have. What lies at the top is taken for the build.
 */
export async function findOwnFiles(arm: Arm, scmHost: string, other?: NamesIn): Promise<readonly OwnFiles[]> {
  const found = new Map<string, OwnFiles>();
  const [top, bin, deployed] = await Promise.all([
    filesAndFolders(arm, scmHost, ''),
    filesAndFolders(arm, scmHost, 'bin'),
    latestDeployment(arm, scmHost),
  ]);
  const builtAt = Math.max(...[...top.files, ...bin.files].map(writtenAt), Date.parse(deployed?.[1] ?? '') || 0);
  let looks = 0;
  let level = top.folders.map(({ name }) => `${name}/`);
  while (level.length > 0 && looks < MOST_FOLDERS) {
    const now = level.slice(0, AT_ONCE);
    level = level.slice(AT_ONCE);
    looks += now.length;
    for (const deeper of await Promise.all(now.map(lookInto))) level.push(...deeper);
  }
  return [...found.values()];

  /** @returns the folders below that may hold more. */
  async function lookInto(folder: string): Promise<readonly string[]> {
    const [{ files, folders }, names, root] = await Promise.all([
      filesAndFolders(arm, scmHost, folder),
      other?.(folder),
      other?.(shortened(folder)),
    ]);
    const own = files.filter((file) => {
      if (NOT_KEPT.test(file.name) || names?.has(file.name)) return false;
      return root === null || writtenAt(file) > builtAt;
    });
    const [first] = own;
    if (first) add(shortened(folder), own.length, `${folder}${first.name}`);
    return folders.map(({ name }) => `${folder}${name}/`);
  }

  function add(folder: string, files: number, example: string): void {
    const known = found.get(folder);
    found.set(folder, { folder, example: known?.example ?? example, files: files + (known?.files ?? 0) });
  }
}

/** The folders and files of a package, as far as names tell. */
export function namesAmong(paths: readonly string[]): NamesIn {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    const parts = path.replaceAll('\\', '/').split('/');
    for (const [depth, name] of parts.entries()) {
      const folder = parts
        .slice(0, depth)
        .map((part) => `${part}/`)
        .join('');
      folders.set(folder, (folders.get(folder) ?? new Set()).add(name));
    }
  }
  return async (folder) => folders.get(folder) ?? null;
}

/** What lies below wwwroot of a slot. */
export function namesInSlot(arm: Arm, scmHost: string): NamesIn {
  const known = new Map<string, ReturnType<NamesIn>>();
  return (folder) => {
    const names = known.get(folder) ?? list(folder);
    known.set(folder, names);
    return names;
  };

  async function list(folder: string): Promise<ReadonlySet<string> | null> {
    const entries = await listDirectory(arm, scmHost, `site/wwwroot/${folder}`);
    return entries && new Set(entries.map(({ name }) => name));
  }
}

async function filesAndFolders(arm: Arm, scmHost: string, folder: string) {
  const entries = (await listDirectory(arm, scmHost, `site/wwwroot/${folder}`)) ?? [];
  return {
    files: entries.filter(({ isDirectory }) => !isDirectory),
    folders: entries.filter(({ isDirectory, name }) => isDirectory && !PASSED_OVER.test(name)),
  };
}

function writtenAt({ modified }: ScmEntry): number {
  return Date.parse(modified) || 0;
}

/** `media/` of `media/2026/cats/`; below the folder that ASP.NET Core serves files from, one more. */
function shortened(folder: string): string {
  const parts = folder.split('/').filter((part) => part !== '');
  return parts
    .slice(0, /^(wwwroot|umbraco)$/i.test(parts[0] ?? '') ? 2 : 1)
    .map((part) => `${part}/`)
    .join('');
}
