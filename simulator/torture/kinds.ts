/** What goes wrong in a case, read from the name of its fault. */
export type Kind =
  /** One call. */
  | { readonly kind: 'fault'; readonly name: string }
  /** Two calls of one run. */
  | { readonly kind: 'two-faults'; readonly names: readonly [string, string]; readonly second: number }
  /** Every call is answered late. */
  | { readonly kind: 'everything-late' }
  /** The phase is killed at the call, and within a minute another one is run. */
  | { readonly kind: 'killed-then'; readonly stage: string; readonly killedAs: string }
  | { readonly kind: 'days-later' | 'second-run' | 'second-run-unlocked' | 'second-deployment' }
  | { readonly kind: 'operator' | 'out-of-turn'; readonly name: string };

const PLAIN = ['everything-late', 'days-later', 'second-run', 'second-run-unlocked', 'second-deployment'] as const;

export function kindOf(name: string): Kind {
  const plain = PLAIN.find((each) => each === name);
  if (plain !== undefined) return { kind: plain };
  const then = /^(killed-[\w-]+?)-then-(.+)$/.exec(name);
  if (then) return { kind: 'killed-then', killedAs: then[1] ?? '', stage: then[2] ?? '' };
  const two = /^(.+)\+(.+)@(\d+)$/.exec(name);
  if (two) return { kind: 'two-faults', names: [two[1] ?? '', two[2] ?? ''], second: Number(two[3]) };
  const parts = /^(operator|out-of-turn)-(.+)$/.exec(name);
  if (parts) return { kind: parts[1] === 'operator' ? 'operator' : 'out-of-turn', name: parts[2] ?? '' };
  return { kind: 'fault', name };
}

export function killedThen(killedAs: string, stage: string): string {
  return `${killedAs}-then-${stage}`;
}

export function twoFaults(first: string, second: string, at: number): string {
  return `${first}+${second}@${at}`;
}
