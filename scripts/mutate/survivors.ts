import type { Mutant } from './mutants.ts';

/** Mistakes that no test can notice, or none that would be worth its time, each with the reason. By file and by what is replaced. */
const REASONS: readonly (readonly [file: string, what: string, because: string])[] = [];

export function reasonFor({ file, what }: Mutant): string | undefined {
  return REASONS.find(([its, text]) => its === file && what.includes(text))?.[2];
}
