import { inputDefaults } from './declared.ts';
import type { Environment } from './reader.ts';

/**
 * Inputs that the action does not know. The runner only warns about them, yet a mistyped `accept-dataloss` or `dry_run`
 * must not be passed over.
 */
export function unknownInputs(environment: Environment): readonly string[] {
  const known = Object.keys(inputDefaults);
  return Object.keys(environment)
    .filter((variable) => variable.startsWith('INPUT_'))
    .map((variable) => variable.slice('INPUT_'.length).toLowerCase())
    .filter((name) => !known.includes(name))
    .map((name) => `Input ${name} is unknown.${suggestion(name, known)}`);
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = known
    .map((candidate) => ({ candidate, distance: editDistance(name.replaceAll(/[_ ]/g, '-'), candidate) }))
    .sort((one, other) => one.distance - other.distance)[0];
  return nearest && nearest.distance <= 3
    ? ` Did you mean ${nearest.candidate}?`
    : ' See action.yml for the inputs there are.';
}

/** Levenshtein distance. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
