import type { Mutant } from './mutants.ts';
import { isNoticed, type Outcome } from './outcome.ts';

export interface Measured extends Outcome {
  readonly mutant: Mutant;
}

/** A line a folder and one for all: how many were planted, how many noticed, and where the true rate lies with 95 %. */
export function scoreLines(outcomes: readonly Measured[]): readonly string[] {
  const folders = Map.groupBy(outcomes, ({ mutant: { file } }) =>
    file.includes('/') ? `${file.split('/')[0]}/` : file,
  );
  return [...[...folders].sort(([one], [other]) => one.localeCompare(other)), ['all', outcomes] as const].map(
    ([name, those]) => {
      const noticed = those.filter(isNoticed).length;
      const golden = those.filter(({ isGolden }) => isGolden).length;
      const [least, most] = wilson(noticed, those.length).map(percent);
      return `${name.padEnd(14)} ${String(noticed).padStart(4)} of ${String(those.length).padStart(4)} noticed: ${percent(noticed / those.length)} (${least} to ${most}); ${golden} by a golden text alone`;
    },
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval */
export function wilson(successes: number, trials: number): readonly [number, number] {
  const z = 1.96;
  const share = successes / trials;
  const middle = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const half = (z / (1 + z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return [middle - half, middle + half];
}
