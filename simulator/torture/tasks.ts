import type { Case } from './cases.ts';
import type { Outcome } from './outcome.ts';
import type { Choice, ChosenCase } from './sweep.ts';

/** What a worker of the sweep is asked to do. */
export type Task =
  /** Play what leads to the cases of a scenario. */
  | { readonly do: 'lead'; readonly scenario: string; readonly paths: readonly string[] | undefined }
  /** Say which cases there are from these states, of all scenarios in their order. */
  | { readonly do: 'list'; readonly states: readonly Uint8Array[]; readonly choice: Choice }
  /** Play cases of one scenario; its states come along unless it is the scenario of the last such task. */
  | { readonly do: 'play'; readonly cases: readonly Case[]; readonly states?: Uint8Array };

/** What it says: outcomes as they come, then that it is done. */
export type Said = { readonly outcome: Outcome } | { readonly done: Done };

export interface Done {
  /** The states to which it has led, see `packed-states.ts`. */
  readonly states?: Uint8Array;
  readonly cases?: readonly ChosenCase[];
}
