import type { Send } from '../ports.ts';
import type { GitHubContext } from '../settings/github.ts';

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
  const [owner, repo] = github.repository.split('/');
  if (github.token === undefined || !owner || !repo) return null;
  // Loaded here, because only preflight asks GitHub.
  const { getOctokit } = await import('@actions/github');
  const { rest } = getOctokit(github.token, {
    baseUrl: github.apiUrl,
    request: { fetch: fetchOver(send), signal },
  });
  const found: Environment[] = [];
  try {
    for (let page = 1; ; page++) {
      const { data } = await rest.repos.getAllEnvironments({ owner, repo, per_page: PAGE, page });
      const listed = data.environments ?? [];
      found.push(...listed.map(({ name, protection_rules: rules = [] }) => ({ name, reviewed: rules.some(isReview) })));
      if (listed.length < PAGE) return found;
    }
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** The most that GitHub gives at a time. */
const PAGE = 100;

function isReview({ type }: { type: string }): boolean {
  return type === 'required_reviewers';
}

/** Octokit's requests go out through the port as all others do. */
function fetchOver(send: Send): typeof fetch {
  return async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const answer = await send({ method: 'GET', url, headers, timeoutMs: 30_000 }, init?.signal ?? undefined);
    return new Response(Buffer.from(answer.body), answer);
  };
}

/** An answer, and not a success; without an answer Octokit's error has no response. https://github.com/octokit/request-error.js */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'response' in error && error.response !== undefined;
}
