/** One thing that was looked at by `preflight` or `validate`. */
export interface Check {
  /** Such as `blob versioning`. */
  readonly name: string;
  /** `not-looked-at`: it could not be looked at, and `found` says why. */
  readonly verdict: 'passed' | 'failed' | 'warning' | 'not-looked-at';
  /** What was found, as a sentence. */
  readonly found: string;
  /** What mends it: a command or a sentence. Given when the check did not pass. */
  readonly fix?: string | undefined;
}
