/** What became of a mistake. */
export interface Outcome {
  /** The test that noticed it; undefined: none did. */
  readonly by?: string;
  /** How: the first line of what it said. */
  readonly wrong?: string;
  readonly isGolden?: true;
  /** Tests that meet it, and those of them for which the time was too short. */
  readonly met: number;
  readonly left: number;
}

/** Noticed by something that is no golden text. */
export function isNoticed({ by, isGolden }: Outcome): boolean {
  return by !== undefined && isGolden !== true;
}
