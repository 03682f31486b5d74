import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = ['output', 'state', 'env', 'path', 'step_summary'] as const;
type Kind = (typeof KINDS)[number];

/** The files through which a step speaks to the runner. */
export type CommandFiles = Readonly<Record<Kind, string>>;

/** The largest step summary that GitHub takes, in KiB. */
export const SUMMARY_LIMIT_KIB = 1024;

/** Makes empty files for one step in the runner's temporary folder. */
export function createCommandFiles(temp: string): CommandFiles {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const suffix = randomUUID();
  const files = Object.fromEntries(KINDS.map((kind) => [kind, join(folder, `${kind}_${suffix}`)]));
  for (const file of Object.values(files)) writeFileSync(file, '');
  return files as CommandFiles;
}

/** `GITHUB_OUTPUT` and the others, for a step's environment. */
export function commandFileVariables(files: CommandFiles): Record<string, string> {
  return Object.fromEntries(KINDS.map((kind) => [`GITHUB_${kind.toUpperCase()}`, files[kind]]));
}

/**
 * Reads `NAME=VALUE` lines and `NAME<<DELIMITER` blocks (actions/runner src/Runner.Worker/FileCommandManager.cs).
 * @throws Error in the runner's words when a line is neither or a delimiter is missing.
 */
export function readPairs(file: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  if (lines.at(-1) === '') lines.pop();
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new Error(`Invalid format '${line}'. Name must not be empty`);
      pairs[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (heredoc >= 0) {
      const delimiter = line.slice(heredoc + 2);
      if (heredoc === 0 || delimiter === '') {
        throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
      }
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
      pairs[line.slice(0, heredoc)] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return pairs;
}

export function readLines(file: string): string[] {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split(/\r?\n/)
        .filter((line) => line !== '')
    : [];
}

/** The summary's text, or how large it is in KiB when GitHub would not take it. */
export function readSummary(file: string): { readonly text: string } | { readonly tooLargeKiB: number } {
  if (!existsSync(file)) return { text: '' };
  const { size } = statSync(file);
  if (size > SUMMARY_LIMIT_KIB * 1024) return { tooLargeKiB: Math.floor(size / 1024) };
  return { text: readFileSync(file, 'utf8') };
}
