import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remember, remembered } from './cache.ts';
import { type MeasuredFile, root } from './files.ts';
import type { Mutant } from './mutants.ts';
import { keyOf } from './results.ts';

/** Those that the compiler lets pass: what it refuses nobody merges, and it would only flatter the tests. */
export function thatCompile(files: readonly MeasuredFile[], mutants: readonly Mutant[]): ReadonlySet<Mutant> {
  const known = remembered<boolean>('compiling');
  const key = (mutant: Mutant) => keyOf(files, mutant);
  const unknown = mutants.filter((mutant) => !known.has(key(mutant)));
  const compiling = compiled(files, unknown);
  for (const mutant of unknown) known.set(key(mutant), compiling.has(mutant));
  remember('compiling', known);
  return new Set(mutants.filter((mutant) => known.get(key(mutant))));
}

/** Asks the compiler, with one mistake in each file at a time. */
function compiled(files: readonly MeasuredFile[], mutants: readonly Mutant[]): ReadonlySet<Mutant> {
  const sources = new Map(files.map(({ file, source }) => [file, source]));
  const compiling = new Set<Mutant>();
  const folder = mkdtempSync(join(tmpdir(), 'zdd-mutants-'));
  try {
    cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
    for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const batch of oneOfEachFile(mutants)) {
      for (const mutant of batch)
        writeFileSync(join(folder, 'src', mutant.file), withMistake(sources.get(mutant.file) ?? '', mutant));
      const refused = filesRefused(folder);
      for (const mutant of batch) {
        if (!refused.has(mutant.file)) compiling.add(mutant);
        writeFileSync(join(folder, 'src', mutant.file), sources.get(mutant.file) ?? '');
      }
    }
    return compiling;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * A file with this mistake alone. What is left out leaves its comma behind: a file that cannot be parsed would keep the compiler from
 * looking at the types of all others.
 */
export function withMistake(source: string, { start, end, form, replacement }: Mutant): string {
  const nothing = { property: '...{}', element: '...[]', expression: replacement, statement: replacement }[form];
  return source.slice(0, start) + nothing + source.slice(end);
}

function oneOfEachFile(mutants: readonly Mutant[]): readonly (readonly Mutant[])[] {
  const batches: Mutant[][] = [];
  const used = new Map<string, number>();
  for (const mutant of mutants) {
    const index = used.get(mutant.file) ?? 0;
    used.set(mutant.file, index + 1);
    batches[index] ??= [];
    batches[index].push(mutant);
  }
  return batches;
}

/** Below src/. */
function filesRefused(folder: string): ReadonlySet<string> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [compiler, '-p', join(folder, 'tsconfig.json')], { cwd: folder, encoding: 'utf8' });
    return new Set();
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    return new Set([...stdout.matchAll(/^src\/([^(]+)\(/gm)].map(([, file = '']) => file));
  }
}
