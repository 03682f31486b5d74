/** One thing that was looked at by `preflight` or `validate`. */
export interface Check {
  /** Such as `blob versioning`. */
  readonly name: string;
  /** `not-looked-at`: it could not be looked at, and `found` says why. */
  readonly verdict: 'passed' | 'failed' | 'warning' | 'not-looked-at';
  /** What was found, as a sentence. */
  readonly found: string;
  /** Of one that was not looked at: nobody refused, and another moment may show it. */
  readonly passes?: true;
  /** What fixes it: a command or a sentence. Given when the check did not pass. */
  readonly fix?: string | undefined;
}

/** One check as a line of the log. */
export function checkSentence({ name, verdict, found, fix }: Check): string {
  const how = verdict === 'failed' ? 'FAILED' : verdict.replaceAll('-', ' ');
  return `${how}: ${name}: ${found}${fix === undefined ? '' : ` Fix: ${fix}`}`;
}
