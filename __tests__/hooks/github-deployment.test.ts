import { expect, test } from '@jest/globals';
import { deploymentsAnswer, noDeployments } from '../../simulator/github/deployments.ts';
import { startService } from '../../simulator/github/service.ts';
import { askGitHub } from '../../src/context/github-api.ts';
import { send } from '../../src/system/http.ts';
import { begin, packageOf, type Trial } from '../in-process/trial.ts';
import { settingsOf } from '../inputs/environment.ts';

const OWN = 'https://api.github.com/repos/org/shop';
const LISTED = { 'github-deployment': 'live', 'github-token': 'ghs_token' };

/** A deployment beside GitHub's API, of which this token may do all or nothing of deployments. */
function listed(may = true) {
  const deployments = noDeployments();
  let asked = 0;
  const trial = begin(
    {},
    {
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          if (!request.url.startsWith(`${OWN}/deployments`)) return ports.send(request, signal);
          asked++;
          expect(request.headers.authorization).toBe('token ghs_token');
          const { pathname, searchParams } = new URL(request.url);
          const body = typeof request.body === 'string' ? JSON.parse(request.body) : {};
          const call = `${request.method} ${pathname.slice('/repos/org/shop'.length)}`;
          const answer = may ? deploymentsAnswer(deployments, call, searchParams, body) : { status: 403, body: {} };
          if (answer === undefined) throw new Error(`not modelled: ${call}`);
          const headers = { 'content-type': 'application/json; charset=utf-8' };
          return { status: answer.status, headers, body: new TextEncoder().encode(JSON.stringify(answer.body)) };
        },
      }),
    },
  );
  return { trial, deployments: deployments.all, asked: () => asked };
}

async function green(trial: Trial, phases: string, inputs = {}): Promise<void> {
  expect((await trial.run(phases, { ...LISTED, ...inputs })).failure).toBeUndefined();
}

test('GitHub lists one deployment, in progress until visitors have the new build, with links', async () => {
  const { trial, deployments } = listed();
  await green(trial, 'clone,read-only,switch');
  // Another job.
  await green(trial, 'deploy,validate');
  await green(trial, 'complete,cleanup');
  expect(deployments).toHaveLength(1);
  expect(deployments[0]).toMatchObject({
    environment: 'live',
    ref: '0'.repeat(40),
    task: expect.stringMatching(/^zdd-\d{8}-/),
  });
  const statuses = deployments[0]?.statuses ?? [];
  expect(statuses.map(({ state }) => state)).toEqual([...Array(5).fill('in_progress'), 'success']);
  expect(statuses.at(-1)).toMatchObject({
    log_url: 'https://github.com/org/shop/actions/runs/1',
    environment_url: 'https://web.azurewebsites.net',
  });
  expect(statuses[4]?.environment_url).toBe('https://web-zdd-staging.azurewebsites.net');
});

test('a failure is listed, and going on from it as well', async () => {
  const { trial, deployments } = listed();
  await green(trial, 'clone,read-only,switch');
  expect(
    (await trial.run('deploy', { ...LISTED, package: packageOf('dead'), 'health-timeout': '60' })).failure,
  ).toBeDefined();
  await green(trial, 'deploy,validate,complete');
  expect(deployments[0]?.statuses.map(({ state }) => state).slice(3)).toEqual([
    'failure',
    'in_progress',
    'in_progress',
    'success',
  ]);
});

test('what was rolled back, or cleaned up before it came to visitors, is inactive', async () => {
  const { trial, deployments } = listed();
  await green(trial, 'clone,read-only,cleanup');
  const second = { 'deployment-id': '20260901-abcde' };
  await green(trial, 'clone,read-only,switch', second);
  await green(trial, 'rollback', second);
  await green(trial, 'cleanup', second);
  expect(deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual(['inactive', 'inactive']);
});

test('a token that may not, and none at all, leave it out and say so, and the run is green', async () => {
  const refused = listed(false);
  await green(refused.trial, 'clone');
  expect(refused.trial.lines.join('\n')).toMatch(
    /GitHub does not list deployment \S+ under live: the token may not do that/,
  );
  const without = listed();
  await green(without.trial, 'clone', { 'github-token': '' });
  expect([without.asked(), without.deployments]).toEqual([0, []]);
});

test('GitHub that hangs is waited for no longer than anybody else who is told', async () => {
  const took = async (ms: number) => {
    const trial = begin(
      {},
      {
        around: (ports) => ({
          ...ports,
          async send(request, signal) {
            if (!request.url.startsWith(`${OWN}/deployments`)) return ports.send(request, signal);
            await ports.clock.sleep(ms, signal);
            throw new Error(`no answer within ${ms} ms`);
          },
        }),
      },
    );
    const from = trial.clock.now();
    await green(trial, 'clone');
    return trial.clock.now() - from;
  };
  expect((await took(30_000)) - (await took(0))).toBeLessThanOrEqual(10_000);
});

test('without the input nothing is asked, and a dry run records nothing', async () => {
  const { trial, asked } = listed();
  expect((await trial.run('clone', { 'github-token': 'ghs_token' })).failure).toBeUndefined();
  await green(trial, 'read-only', { 'dry-run': 'true' });
  expect(asked()).toBe(0);
});

test.each([
  ['write', 1],
  ['read', null],
] as const)('asked of the simulated GitHub with deployments: %s', async (may, expected) => {
  const service = await startService({ now: Date.now, approvals: [], unmodelled: () => undefined });
  try {
    const job = { repository: 'org/shop', ref: 'refs/heads/main', runId: 1, runAttempt: 1, job: 'deploy' };
    const { token } = service.admit(job as unknown as Parameters<typeof service.admit>[0], { deployments: may });
    const github = { ...settingsOf().github, repository: 'org/shop', apiUrl: service.url, token };
    const made = await askGitHub(send, github, new AbortController().signal, async ({ repos, owner, repo }) => {
      const wanted = { ref: '0'.repeat(40), auto_merge: false, required_contexts: [] };
      return (await repos.createDeployment({ owner, repo, ...wanted })).data;
    });
    expect(made && 'id' in made ? made.id : made).toBe(expected);
    expect(service.deployments.all).toHaveLength(expected ?? 0);
  } finally {
    await service.close();
  }
});
