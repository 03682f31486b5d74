import { readdirSync, readFileSync } from 'node:fs';
import { type Mutant, mutantsOf } from './mutants.ts';

export const root: string = new URL('../..', import.meta.url).pathname;

/** What decides and what carries it out; how Azure is spoken to is for recordings and the sweep. */
const MEASURED = ['apply', 'context', 'deployment', 'observe', 'phases', 'steps', 'swap'];
const ALONE = ['outlast.ts', 'post.ts', 'run-phase.ts', 'take-lease.ts', 'wait.ts'];

export interface MeasuredFile {
  /** Below src/. */
  readonly file: string;
  readonly source: string;
  readonly mutants: readonly Mutant[];
  /** The number of its first mistake among all. */
  readonly first: number;
}

/** Every file that is measured with its mistakes, in an order that stays. */
export function measuredFiles(): readonly MeasuredFile[] {
  const names = MEASURED.flatMap((folder) =>
    readdirSync(`${root}src/${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  let first = 0;
  return [...names.filter((name) => name.endsWith('.ts')), ...ALONE].sort().map((file) => {
    const source = readFileSync(`${root}src/${file}`, 'utf8');
    const measured = { file, source, mutants: mutantsOf(file, source), first };
    first += measured.mutants.length;
    return measured;
  });
}
