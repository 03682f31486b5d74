import { expect, test } from '@jest/globals';
import { askGitHub, type Repository } from '../../src/context/github-api.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import type { GitHubContext } from '../../src/settings/github.ts';
import { settings } from '../phases/observed.ts';

const GITHUB: GitHubContext = {
  ...settings().github,
  repository: 'org/shop',
  apiUrl: 'https://github.example/api',
  token: 'ghs_token',
};
const { signal } = new AbortController();

/** A GitHub that answers so; what it was sent. */
function hub(answer: (request: HttpRequest) => HttpResponse | undefined = () => json(200, [])) {
  const sent: { readonly request: HttpRequest; readonly signal: AbortSignal | undefined }[] = [];
  const ask = <T>(how: (repository: Repository) => Promise<T>, github: Partial<GitHubContext> = {}, until = signal) =>
    askGitHub(
      async (request, given) => {
        sent.push({ request, signal: given });
        const answered = answer(request);
        if (answered === undefined) throw new Error('read ECONNRESET');
        return answered;
      },
      { ...GITHUB, ...github },
      until,
      how,
    );
  return { ask, sent };
}

function json(status: number, body: unknown): HttpResponse {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers, body: new TextEncoder().encode(JSON.stringify(body)) };
}

const comments = ({ issues, owner, repo }: Repository) => issues.listComments({ owner, repo, issue_number: 7 });

test('nobody is asked without a token, nor where the repository is not known', async () => {
  const { ask, sent } = hub();
  expect(await ask(comments, { token: undefined })).toBeNull();
  for (const repository of ['', 'org', 'org/', '/shop']) expect(await ask(comments, { repository })).toBeNull();
  expect(sent).toEqual([]);
});

test('requests go to the GitHub of the run, with its token, and end with the run', async () => {
  const { ask, sent } = hub(() => json(200, [{ id: 1 }]));
  expect((await ask(comments))?.data).toMatchObject([{ id: 1 }]);
  expect(sent[0]).toMatchObject({
    request: {
      method: 'GET',
      url: 'https://github.example/api/repos/org/shop/issues/7/comments',
      headers: { authorization: 'token ghs_token' },
      timeoutMs: 30_000,
    },
    signal,
  });
  expect(sent[0]?.request).not.toHaveProperty('body');
});

test('what is written says so, with what is to be written', async () => {
  const { ask, sent } = hub(() => json(201, { id: 1 }));
  await ask(({ issues, owner, repo }) => issues.createComment({ owner, repo, issue_number: 7, body: 'Done.' }));
  await ask(({ issues, owner, repo }) => issues.updateComment({ owner, repo, comment_id: 9, body: 'Done.' }));
  await ask(({ repos, owner, repo }) => repos.createDeployment({ owner, repo, ref: 'main' }));
  expect(sent.map(({ request: { method, body } }) => [method, JSON.parse(String(body))])).toEqual([
    ['POST', { body: 'Done.' }],
    ['PATCH', { body: 'Done.' }],
    ['POST', { ref: 'main' }],
  ]);
});

test('a refusal is an answer, and no answer is none', async () => {
  const refused = hub(() => json(403, { message: 'Resource not accessible by integration' }));
  expect(await refused.ask(comments)).toBeNull();
  await expect(hub(() => undefined).ask(comments)).rejects.toThrow('ECONNRESET');
  await expect(
    hub().ask(() => Promise.reject(Object.assign(new Error('out of range'), { response: undefined }))),
  ).rejects.toThrow('out of range');
  await expect(hub().ask(() => Promise.reject({ response: {} }))).rejects.toEqual({ response: {} });
});
