import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { digest } from './digest.ts';
import { type MeasuredFile, root } from './files.ts';
import type { Outcome } from './measure.ts';
import type { Mutant } from './mutants.ts';
import { isNoticed } from './score.ts';

const RESULTS = `${root}node_modules/.cache/mutate/results.jsonl`;

/** Notes what became of a mistake as soon as it is known: a run may be stopped at any time. */
export function keep(files: readonly MeasuredFile[], mutant: Mutant, outcome: Outcome): void {
  mkdirSync(dirname(RESULTS), { recursive: true });
  appendFileSync(RESULTS, `${JSON.stringify({ key: keyOf(files, mutant), outcome })}\n`);
}

/** What was noticed once, in a file that is as it was, is noticed still: tests only become more. */
export function noticedBefore(files: readonly MeasuredFile[]): (mutant: Mutant) => Outcome | undefined {
  const lines = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8').split('\n') : [];
  const known = new Map<string, Outcome>();
  for (const line of lines.filter((each) => each !== '')) {
    const { key, outcome }: { key: string; outcome: Outcome } = JSON.parse(line);
    if (isNoticed(outcome)) known.set(key, outcome);
  }
  return (mutant) => known.get(keyOf(files, mutant));
}

function keyOf(files: readonly MeasuredFile[], { file, start, what, form }: Mutant): string {
  const source = files.find((each) => each.file === file)?.source ?? '';
  return `${file} ${digest(source)} ${start} ${form} ${what}`;
}
