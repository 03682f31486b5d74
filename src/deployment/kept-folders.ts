/**
 * A folder of input `keep-files`, with a slash at its end: `media/` lies below wwwroot, and `/home/site/scripts/` beside it, where
 * start scripts, drivers and libraries are that no package brings.
 */
export function liesBeside(folder: string): boolean {
  return folder.startsWith(HOME);
}

/** The folder as SCM knows it, below /home. */
export function placeOf(folder: string): string {
  return liesBeside(folder) ? folder.slice(HOME.length) : `site/wwwroot/${folder}`;
}

const HOME = '/home/';
