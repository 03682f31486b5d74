import { isPassing } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';

export function passed(name: string, found: string): Check {
  return { name, verdict: 'passed', found };
}

/** It would go wrong: `fix` is a command or the line of a workflow that fixes it. */
export function failed(name: string, found: string, fix: string): Check {
  return { name, verdict: 'failed', found, fix };
}

/** It may go wrong, or it costs something that one should know before. */
export function warning(name: string, found: string, fix: string): Check {
  return { name, verdict: 'warning', found, fix };
}

export function notLookedAt(name: string, why: string, fix?: string): Check {
  return { name, verdict: 'not-looked-at', found: why, ...(fix === undefined ? {} : { fix }) };
}

/** What could not be looked at, with what kept us from it. */
export function unseen(name: string, { why, error }: { readonly why: string; readonly error?: unknown }): Check {
  return { ...notLookedAt(name, why), ...(isPassing(error) && { passes: true as const }) };
}

/** One line for what is fine, and a line of its own for each thing that is not. */
export function allFine(name: string, found: string, offenders: readonly Check[]): readonly Check[] {
  return offenders.length > 0 ? offenders : [passed(name, found)];
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
