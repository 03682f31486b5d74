import { availableParallelism } from 'node:os';
import type { Outcome } from '../outcome.ts';
import { sweepWithWorkers } from '../workers.ts';
import type { Planted } from './mistake.ts';
import { timesFound } from './source.ts';

/** The first violation that a mistake leads to. */
type Noticed = Outcome['violations'][number] & { readonly case: string };

/**
 * Plants each mistake in a process of its own and plays its cases until an invariant is violated; undefined: none was.
 * Rejects before anything is played when the text of one does not occur exactly once any more, and ends all when one breaks.
 */
export async function noticedAll(
  mistakes: readonly Planted[],
  tell: (mistake: Planted, noticed: Noticed | undefined) => void,
): Promise<readonly (Noticed | undefined)[]> {
  const lost = mistakes.flatMap((mistake) => {
    const edits = [mistake, ...(mistake.also ?? [])].filter((edit) => timesFound(edit) !== 1);
    return edits.map(({ file }) => `${mistake.name} (src/${file})`);
  });
  if (lost.length > 0) {
    const places = lost.join(', ');
    throw new Error(`The text of planted mistakes does not occur exactly once any more: ${places}.`);
  }
  const results: (Noticed | undefined)[] = [];
  const left = [...mistakes.entries()];
  const broken = new AbortController();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const [index, mistake] = next;
        results[index] = await noticed(mistake, broken.signal).catch((error: unknown) => {
          left.length = 0;
          broken.abort();
          throw error;
        });
        tell(mistake, results[index]);
      }
    }),
  );
  return results;
}

/** The violations of the same cases by the action as it is: a mistake is noticed only by what ends as promised without it. */
export async function violatedWithout(
  mistakes: readonly Planted[],
  noticed: readonly (Noticed | undefined)[],
): Promise<readonly string[]> {
  const ids = [...new Set(noticed.flatMap((each) => (each ? [each.case] : [])))];
  const violated: string[] = [];
  const only = `^(${ids.map((id) => id.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')).join('|')})$`;
  for (const scenario of new Set(mistakes.map(scenarioOf))) {
    const paths = [...new Set(mistakes.filter((each) => scenarioOf(each) === scenario).map(({ path }) => path))];
    await sweepWithWorkers(
      { stride: 1, scenarios: [scenario], paths, only, depth: 'planted' },
      ({ id, violations }) => {
        if (ids.includes(id)) violated.push(...violations.map(({ invariant, what }) => `${id}: ${invariant}: ${what}`));
      },
    );
  }
  return violated;
}

function scenarioOf({ scenario = 'one' }: Planted): string {
  return scenario;
}

async function noticed(mistake: Planted, broken: AbortSignal): Promise<Noticed | undefined> {
  const { name, path, only } = mistake;
  let first: Noticed | undefined;
  const found = new AbortController();
  const order = {
    stride: 1,
    scenarios: [scenarioOf(mistake)],
    paths: [path],
    only,
    planted: name,
    depth: 'planted',
  } as const;
  const note = ({ id, violations: [violation] }: Outcome) => {
    if (violation === undefined) return;
    first ??= { ...violation, case: id };
    found.abort();
  };
  await sweepWithWorkers(order, note, 1, AbortSignal.any([found.signal, broken]));
  return first;
}
