import type { Send } from './ports.ts';
import type { GitHubContext } from './settings.ts';

/** A deployment environment of the repository. */
export interface Environment {
  readonly name: string;
  /** Somebody must approve before a job of it runs. */
  readonly reviewed: boolean;
}

/**
 * The environments of the workflow's repository; null when the token does not show them.
 * https://docs.github.com/rest/deployments/environments
 */
export async function listEnvironments(
  send: Send,
  github: GitHubContext,
  signal: AbortSignal,
): Promise<readonly Environment[] | null> {
  const { token, repository, apiUrl } = github;
  if (token === undefined || repository === '' || apiUrl === '') return null;
  const answer = await send(
    {
      method: 'GET',
      url: `${apiUrl}/repos/${repository}/environments?per_page=100`,
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'user-agent': 'zdd-action' },
      timeoutMs: 30_000,
    },
    signal,
  );
  if (answer.status !== 200) return null;
  const body: { environments?: readonly { name: string; protection_rules?: readonly { type?: string }[] }[] } =
    JSON.parse(new TextDecoder().decode(answer.body));
  return (body.environments ?? []).map(({ name, protection_rules: rules = [] }) => ({
    name,
    reviewed: rules.some(({ type }) => type === 'required_reviewers'),
  }));
}
