import { expect, test } from '@jest/globals';
import { startService } from '../../simulator/github/service.ts';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import type { Context } from '../../src/context/context.ts';
import type { Branches, Environment } from '../../src/preflight/github-environments.ts';
import { checkIdentityUse, identityUse } from '../../src/preflight/identity-use.ts';
import { realClock } from '../../src/system/clock.ts';
import { send } from '../../src/system/http.ts';
import { settings } from './facts.ts';

const KNOWN = settings({
  identity: {
    ...settings().identity,
    clientId: 'c1',
    tenantId: 't1',
    oidc: { requestUrl: 'https://token', requestToken: 'r' },
  },
});
const ENVIRONMENT: Environment = { name: 'zdd', reviewed: false, selfReview: true, reviewers: [], policy: 'named' };
const OTHERS = "What else Azure trusts: az ad app federated-credential list --id c1 --query '[].subject'";
const of = (branches: Branches, environment = ENVIRONMENT) => ({ environment, branches });

test.each([
  ['repo:org/shop:environment:zdd', of(['main']), `passed: Jobs of environment zdd, open to main. ${OTHERS}`],
  [
    'repo:org/shop:environment:zdd',
    of(['main', 'tag v*']),
    `passed: Jobs of environment zdd, open to main and tag v*. ${OTHERS}`,
  ],
  [
    'repo:org@7/shop@8:environment:zdd',
    of('protected'),
    `passed: Jobs of environment zdd, open to protected branches. ${OTHERS}`,
  ],
  ['repo:org/shop:ref:refs/heads/main', null, `passed: Workflows on branch main of org/shop. ${OTHERS}`],
  [
    'repo:org/shop:environment:zdd',
    of('any'),
    'warning: Every branch of org/shop may use environment zdd: whoever can push one can swap production and delete databases.',
  ],
  [
    'repo:org/shop:environment:zdd',
    of(['main', '*']),
    'warning: Every branch of org/shop may use environment zdd: whoever can push one can swap production and delete databases.',
  ],
  [
    'repo:org/shop:environment:zdd',
    of(['**/*']),
    'warning: Every branch of org/shop may use environment zdd: whoever can push one can swap production and delete databases.',
  ],
  [
    'repo:org/shop:pull_request',
    null,
    'warning: Every pull request of org/shop: whoever opens one can swap production and delete databases.',
  ],
  [
    'repo:org/shop:environment:a%3Ab',
    null,
    'not-looked-at: Jobs of environment a:b; which branches may use that, the token of this job does not show.',
  ],
  [
    'my:own:subject',
    null,
    `not-looked-at: Azure trusts my:own:subject, and whose jobs have that is not known. ${OTHERS}`,
  ],
])('%s with %j', (subject, use, said) => {
  const { verdict, found } = identityUse(KNOWN, subject, use);
  expect(`${verdict}: ${found}`).toBe(said);
});

test('the fix names the default branch, and keeps the reviewers, which it would otherwise remove', () => {
  const { fix } = identityUse(KNOWN, 'repo:org/shop:environment:production', {
    branches: 'any',
    environment: { ...ENVIRONMENT, name: 'pro duction', reviewed: true, reviewers: [{ type: 'Team', id: 7 }] },
  });
  const at = 'repos/org/shop/environments/pro%20duction';
  expect(fix).toBe(
    `gh api --method PUT ${at} -F "deployment_branch_policy[protected_branches]=false" -F "deployment_branch_policy[custom_branch_policies]=true" -F prevent_self_review=false -F "reviewers[][type]=Team" -F "reviewers[][id]=7" && gh api --method POST ${at}/deployment-branch-policies -f name="$(gh api repos/org/shop --jq .default_branch)"`,
  );
});

const JOB = {
  ...{
    repository: 'org/shop',
    ref: 'refs/heads/main',
    sha: '0',
    eventName: 'workflow_dispatch',
    actor: 'ada',
    workflow: 'Deploy',
  },
  ...{ workflowRef: 'w', jobWorkflowRef: 'w', runId: 1, runAttempt: 1, environment: 'zdd', immutableSubjects: true },
};

test.each([
  [{ zdd: {} }, { actions: 'read' }, 'warning'],
  [{ zdd: { branches: ['main'] } }, { actions: 'read' }, 'passed'],
  [{ zdd: { branches: 'protected' } }, { actions: 'read', contents: 'read' }, 'warning'],
  [{ zdd: { branches: ['main'] } }, {}, 'not-looked-at'],
] as const)(
  'asked of the simulated GitHub, with environments %j and permissions %j: %s',
  async (environments, may, verdict) => {
    const service = await startService({ now: Date.now, approvals: [], environments, unmodelled: () => undefined });
    try {
      const { token, idToken } = service.admit(JOB, { ...may, 'id-token': 'write' });
      const oidc = { requestUrl: idToken?.url ?? '', requestToken: idToken?.token ?? '' };
      const signal = new AbortController().signal;
      const ports = { send, clock: realClock(1, 'public'), log: silentLog };
      const checks = await checkIdentityUse({
        context: { ports, signal } as unknown as Context,
        settings: {
          ...KNOWN,
          identity: { ...KNOWN.identity, oidc },
          github: { ...KNOWN.github, apiUrl: service.url, token },
        },
      });
      expect(checks.map((check) => check.verdict)).toEqual([verdict]);
    } finally {
      await service.close();
    }
  },
);

test('a secret has no branch', async () => {
  const identity = { ...KNOWN.identity, oidc: undefined, clientSecret: 'a-secret' };
  const context = {} as Context;
  expect(await checkIdentityUse({ context, settings: { ...KNOWN, identity } })).toMatchObject([{ verdict: 'warning' }]);
  expect(
    await checkIdentityUse({ context, settings: { ...KNOWN, identity: { ...identity, clientSecret: undefined } } }),
  ).toEqual([]);
});
