import type { getOctokit } from '@actions/github';
import type { HttpRequest, Send } from '../ports.ts';
import type { GitHubContext } from '../settings/github.ts';

/** The repository of the workflow in GitHub's API. */
export interface Repository {
  readonly repos: ReturnType<typeof getOctokit>['rest']['repos'];
  readonly issues: ReturnType<typeof getOctokit>['rest']['issues'];
  readonly owner: string;
  readonly repo: string;
}

/** What GitHub answers; null without a token, and when it refuses. Rejects when no answer came. */
export async function askGitHub<T>(
  send: Send,
  github: GitHubContext,
  signal: AbortSignal,
  ask: (repository: Repository) => Promise<T>,
): Promise<T | null> {
  const [owner, repo] = github.repository.split('/');
  if (github.token === undefined || !owner || !repo) return null;
  // Loaded here, because few runs ask GitHub.
  const { getOctokit } = await import('@actions/github');
  const { rest } = getOctokit(github.token, {
    baseUrl: github.apiUrl,
    request: { fetch: fetchOver(send), signal },
  });
  try {
    return await ask({ repos: rest.repos, issues: rest.issues, owner, repo });
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** Octokit's requests go out through the port as all others do. */
function fetchOver(send: Send): typeof fetch {
  return async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const method = METHODS.find((each) => each === init?.method) ?? 'GET';
    const body = typeof init?.body === 'string' ? { body: init.body } : {};
    const answer = await send({ method, url, headers, ...body, timeoutMs: 30_000 }, init?.signal ?? undefined);
    return new Response(Buffer.from(answer.body), answer);
  };
}

const METHODS: readonly HttpRequest['method'][] = ['GET', 'POST', 'PATCH'];

/** An answer, and not a success; without an answer Octokit's error has no response. https://github.com/octokit/request-error.js */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'response' in error && error.response !== undefined;
}
