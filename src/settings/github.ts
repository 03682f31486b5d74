/** The workflow run that we are part of; empty strings outside GitHub. */
export interface GitHubContext {
  /** `owner/name`. */
  readonly repository: string;
  readonly runId: string;
  /** 1 for the first attempt. */
  readonly runAttempt: number;
  readonly actor: string;
  /** The commit that the run is of. */
  readonly sha: string;
  /** The number of the pull request that the run is of; undefined for every other run. */
  readonly pullRequest: number | undefined;
  /** Such as `https://github.com`. Undefined where no page of GitHub shows this run. */
  readonly serverUrl: string | undefined;
  /** Such as `https://api.github.com`. */
  readonly apiUrl: string;
  /** From `github-token`; masked. Undefined when the input is empty. */
  readonly token: string | undefined;
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /** Absolute path of a folder that the runner empties with the job. */
  readonly temp: string;
}
