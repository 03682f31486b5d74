import type { Visit } from './visit.ts';

/** One phase of the action as it ran. Instants are real time, in milliseconds since the epoch. */
export interface PhaseRun {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  /** The output `changed`: whether the phase found its promise unkept and did something. */
  readonly changed: boolean;
  readonly succeeded: boolean;
}

/** A promise of the product, and whether this run kept it. */
export interface Check {
  readonly promise: string;
  /** Undefined when this machine was too busy to tell. */
  readonly held: boolean | undefined;
  /** What was seen. */
  readonly seen: string;
}

export interface Sentence {
  readonly at: number;
  readonly text: string;
}

/** What a step of the workflow put on the page of its run. */
export interface StepPage {
  /** Such as `update: switch,deploy,validate`. */
  readonly title: string;
  readonly markdown: string;
}

/** All that one run of the demo left behind; the report and the summary are made from it. */
export interface RunRecord {
  readonly scenario: string;
  readonly variant: string | undefined;
  /** One sentence: where visitors ended up. */
  readonly outcome: string;
  readonly from: number;
  readonly until: number;
  /** How many times faster than real time Azure ran. */
  readonly timeScale: number;
  readonly phases: readonly PhaseRun[];
  readonly visits: readonly Visit[];
  /** The ids of the orders that the production database had in the end. */
  readonly stored: ReadonlySet<string>;
  readonly checks: readonly Check[];
  readonly story: readonly Sentence[];
  /** Each step's summary, as Markdown, in order. */
  readonly pages: readonly StepPage[];
}
