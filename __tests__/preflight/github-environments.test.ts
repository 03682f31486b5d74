import { expect, test } from '@jest/globals';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { listEnvironments } from '../../src/preflight/github-environments.ts';
import { settingsOf } from '../inputs/environment.ts';

const API = 'https://api.github.com/repos/org/shop/environments';
const github = {
  ...settingsOf({}).github,
  repository: 'org/shop',
  apiUrl: 'https://api.github.com',
  token: 'the-token',
};
const signal = new AbortController().signal;

function answer(status: number, body: unknown): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

test('all environments are found, page by page, and whether somebody must approve', async () => {
  const asked: HttpRequest[] = [];
  const many = Array.from({ length: 100 }, (_, index) => ({
    name: `preview-${index}`,
    protection_rules: [{ type: 'wait_timer' }],
  }));
  const last = [{ name: 'production', protection_rules: [{ type: 'required_reviewers' }] }];
  const pages = [answer(200, { total_count: 101, environments: many }), answer(200, { environments: last })];
  const found = await listEnvironments(
    async (request) => {
      asked.push(request);
      return pages[asked.length - 1] ?? answer(404, {});
    },
    github,
    signal,
  );
  expect(found).toHaveLength(101);
  expect(found?.[0]).toEqual({ name: 'preview-0', reviewed: false });
  expect(found?.[100]).toEqual({ name: 'production', reviewed: true });
  expect(asked.map(({ url }) => url)).toEqual([1, 2].map((page) => `${API}?per_page=100&page=${page}`));
  expect(asked[0]?.headers.authorization).toBe('token the-token');
});

test.each([401, 403, 404])('a token that does not show them (%i) says nothing about them', async (status) => {
  expect(await listEnvironments(async () => answer(status, { message: 'no' }), github, signal)).toBeNull();
});

test('an answer that never came is no refusal', async () => {
  const lost = listEnvironments(() => Promise.reject(new Error('socket hang up')), github, signal);
  await expect(lost).rejects.toThrow('socket hang up');
});
