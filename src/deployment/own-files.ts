/** Files that an app, or its visitors through it, put onto its own disk: no deployment brought them, and none brings them again. */
export interface OwnFiles {
  /** Below wwwroot, with a slash at its end: `media/`. */
  readonly folder: string;
  /** How many were seen; there may be more. */
  readonly files: number;
  /** One of them, below wwwroot. */
  readonly example: string;
}

/** Those that would be missing in the new build: in no folder that `keep-files` names. With `none` all may be lost. */
export function lostFiles(keepFiles: readonly string[] | undefined, own: readonly OwnFiles[]): readonly OwnFiles[] {
  if (keepFiles?.length === 0) return [];
  return own.filter(({ folder }) => !keepFiles?.some((kept) => folder.toLowerCase().startsWith(kept.toLowerCase())));
}

/** What is said of them. */
export function ownFilesText(own: readonly OwnFiles[]): string {
  return own.map(({ folder, files, example }) => `${folder} (${files} or more, such as ${example})`).join(', ');
}

/** What the input must be to keep these, too. */
export function keepThem(keepFiles: readonly string[] | undefined, own: readonly OwnFiles[]): string {
  const folders = [...new Set([...(keepFiles ?? []), ...own.map(({ folder }) => folder)])];
  return `keep-files: ${folders.join(', ')} (or keep-files: none, when the new build does not need them)`;
}
