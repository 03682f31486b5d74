import { expect, test } from '@jest/globals';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import {
  branchesOf,
  customRulesOf,
  type Environment,
  listEnvironments,
} from '../../src/preflight/github-environments.ts';
import { settingsOf } from '../inputs/environment.ts';

const API = 'https://api.github.com/repos/org/shop/environments';
const github = {
  ...settingsOf({}).github,
  repository: 'org/shop',
  apiUrl: 'https://api.github.com',
  token: 'the-token',
};
const signal = new AbortController().signal;

const OPEN: Environment = { name: 'zdd', reviewed: false, selfReview: true, reviewers: [], policy: 'none' };

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
  const reviewers = [{ type: 'Team', reviewer: { id: 7 } }];
  const rule = { type: 'required_reviewers', prevent_self_review: true, reviewers };
  const policy = { protected_branches: false, custom_branch_policies: true };
  const last = [{ name: 'production', protection_rules: [rule], deployment_branch_policy: policy }];
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
  expect(found?.[0]).toEqual({ ...OPEN, name: 'preview-0' });
  expect(found?.[100]).toEqual({
    name: 'production',
    ...{ reviewed: true, selfReview: false, reviewers: [{ type: 'Team', id: 7 }], policy: 'named' },
  });
  expect(asked.map(({ url }) => url)).toEqual([1, 2].map((page) => `${API}?per_page=100&page=${page}`));
  expect(asked[0]?.headers.authorization).toBe('token the-token');
});

test.each([401, 403, 404])('a token that does not show them (%i) says nothing about them', async (status) => {
  expect(await listEnvironments(async () => answer(status, { message: 'no' }), github, signal)).toBeNull();
});

test.each([
  ['none', [], 'any', []],
  ['protected', [], 'any', ['https://api.github.com/repos/org/shop/branches?protected=true&per_page=1']],
  [
    'protected',
    [{ name: 'main' }],
    'protected',
    ['https://api.github.com/repos/org/shop/branches?protected=true&per_page=1'],
  ],
  [
    'named',
    { branch_policies: [{ name: 'main', type: 'branch' }, { name: 'v*', type: 'tag' }, { name: 'release/*' }] },
    ['main', 'tag v*', 'release/*'],
    [`${API}/pre%2Fprod/deployment-branch-policies?per_page=100`],
  ],
] as const)(
  'the branches of an environment with policy %s, where GitHub says %j: %j',
  async (policy, says, branches, urls) => {
    const asked: string[] = [];
    const send = async ({ url }: HttpRequest) => {
      asked.push(url);
      return answer(200, says);
    };
    expect(await branchesOf(send, github, signal, { ...OPEN, name: 'pre/prod', policy })).toEqual(branches);
    expect(asked).toEqual(urls);
  },
);

test('the apps whose rules are on are those that let a job pass', async () => {
  const rules = [
    { id: 1, node_id: 'a', enabled: true, app: { id: 1, slug: 'change-control' } },
    { id: 2, node_id: 'b', enabled: false, app: { id: 2, slug: 'retired' } },
  ];
  const asked: string[] = [];
  const send = async ({ url }: HttpRequest) => {
    asked.push(url);
    return answer(200, { total_count: 2, custom_deployment_protection_rules: rules });
  };
  expect(await customRulesOf(send, github, signal, 'pre/prod')).toEqual(['change-control']);
  expect(asked).toEqual([`${API}/pre%2Fprod/deployment_protection_rules`]);
  expect(await customRulesOf(async () => answer(403, {}), github, signal, 'prod')).toBeNull();
});

test('an answer that never came is no refusal', async () => {
  const lost = listEnvironments(() => Promise.reject(new Error('socket hang up')), github, signal);
  await expect(lost).rejects.toThrow('socket hang up');
});
