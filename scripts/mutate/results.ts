import { remember, remembered } from './cache.ts';
import { digest } from './digest.ts';
import type { MeasuredFile } from './files.ts';
import type { Mutant } from './mutants.ts';
import { isNoticed, type Outcome } from './outcome.ts';

/** What became of mistakes, kept as soon as it is known: a run may be stopped at any time. */
export interface Results {
  keep(mutant: Mutant, outcome: Outcome): void;
  /** What was noticed once, in a file that is as it was, is noticed still: tests only become more. */
  noticedBefore(mutant: Mutant): Outcome | undefined;
}

export function resultsOn(files: readonly MeasuredFile[]): Results {
  const known = remembered<Outcome>('results');
  return {
    keep(mutant, outcome) {
      known.set(keyOf(files, mutant), outcome);
      remember('results', known);
    },
    noticedBefore(mutant) {
      const outcome = known.get(keyOf(files, mutant));
      return outcome !== undefined && isNoticed(outcome) ? outcome : undefined;
    },
  };
}

/** The same for as long as its file is the same. */
export function keyOf(files: readonly MeasuredFile[], { file, start, what, form }: Mutant): string {
  const source = files.find((each) => each.file === file)?.source ?? '';
  return `${file} ${digest(source)} ${start} ${form} ${what}`;
}
