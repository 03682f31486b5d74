import { expect, test } from '@jest/globals';
import { runHere } from './run-here.ts';

const GATED = {
  'workflow.yml': `
on: workflow_dispatch
permissions: { actions: read }
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "# ready" >> "$GITHUB_STEP_SUMMARY"' }]
  complete:
    needs: build
    environment: { name: production }
    runs-on: ubuntu-latest
    env: { TOKEN: "\${{ github.token }}" }
    steps:
      - run: |
          echo "colour \${{ vars.COLOUR }}"
          node -e 'fetch(process.env.GITHUB_API_URL + "/repos/contoso/shop/actions/runs/1/approvals", { headers: { authorization: "bearer " + process.env.TOKEN } }).then(async (r) => console.log(r.status, await r.text()))'
  report:
    needs: complete
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: 'echo complete was \${{ needs.complete.result }}' }]
`,
};

test('a job waits for its reviewers, who see the summaries; the run knows the approval', async () => {
  const asked: unknown[] = [];
  const { conclusion, log, events } = await runHere(GATED, {
    environments: { production: { reviewers: true, vars: { COLOUR: 'green' } } },
    approve: async (environment, { job, summaries }) => {
      asked.push([environment, job, summaries]);
      return 'approved';
    },
  });
  expect(asked).toEqual([['production', 'complete', [{ job: 'build', text: '# ready\n' }]]]);
  expect(log).toContain('colour green');
  expect(conclusion).toBe('success');
  expect(log).toMatch(/^200 \[\{"state":"approved","comment":"","environments":\[\{"id":1,"name":"production"\}\]/m);
  expect(
    events
      .filter(({ job }) => job === 'complete')
      .map(({ kind }) => kind)
      .slice(0, 3),
  ).toEqual(['waiting-approval', 'approved', 'job-start']);
});

test('the approvals are not told to a job that may not read actions', async () => {
  const files = { 'workflow.yml': GATED['workflow.yml'].replace('actions: read', 'contents: read') };
  const { log } = await runHere(files, { approve: async () => 'approved' });
  expect(log).toMatch(/^403 .*Resource not accessible by integration/m);
});

test('a rejection fails the job without running it', async () => {
  const { conclusion, jobs, log } = await runHere(GATED, { approve: async () => 'rejected' });
  expect(jobs.complete).toMatchObject({ conclusion: 'failure', steps: [] });
  expect(jobs.complete?.annotations[0]?.message).toBe(
    "The deployment was rejected or didn't satisfy other protection rules.",
  );
  expect(log).toContain('complete was failure');
  expect(conclusion).toBe('failure');
});

test('an environment that does not exist is made without protection', async () => {
  const { conclusion } = await runHere(GATED, { environments: {}, approve: async () => 'rejected' });
  expect(conclusion).toBe('success');
});

test.each([
  ['refs/heads/main', ['main'], [], 'success'],
  ['refs/heads/release/2', ['main', 'release/*'], [], 'success'],
  ['refs/heads/mine', ['main', 'release/*'], [], 'failure'],
  ['refs/heads/mine', 'protected', ['main'], 'failure'],
  ['refs/heads/main', 'protected', ['main'], 'success'],
  ['refs/heads/mine', 'protected', [], 'success'],
] as const)(
  'a job of %s in an environment for %j, with %j protected: %s',
  async (ref, branches, protectedBranches, ends) => {
    const { conclusion, jobs } = await runHere(GATED, {
      event: { name: 'workflow_dispatch', ref },
      environments: { production: { branches } },
      protectedBranches,
    });
    expect(conclusion).toBe(ends);
    if (ends === 'failure')
      expect(jobs.complete).toMatchObject({
        steps: [],
        annotations: [
          { message: 'Branch "mine" is not allowed to deploy to production due to environment protection rules.' },
        ],
      });
  },
);

test('a run that is cancelled at the gate ends', async () => {
  const cancel = new AbortController();
  const { conclusion, jobs } = await runHere(GATED, {
    signal: cancel.signal,
    approve: () => {
      cancel.abort();
      return new Promise(() => {});
    },
  });
  expect(jobs.complete?.conclusion).toBe('cancelled');
  expect(conclusion).toBe('cancelled');
});

test('a re-run runs failed jobs and what depends on them; results and approvals of the first attempt hold', async () => {
  const files = {
    'workflow.yml': `
on: workflow_dispatch
jobs:
  clone:
    runs-on: ubuntu-latest
    outputs: { id: "\${{ steps.one.outputs.id }}" }
    steps: [{ id: one, run: 'echo "id=$GITHUB_RUN_ATTEMPT" >> "$GITHUB_OUTPUT"' }]
  switch:
    needs: clone
    environment: production
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "cloned in \${{ needs.clone.outputs.id }}"; test "$GITHUB_RUN_ATTEMPT" = 2' }]
  tell:
    needs: switch
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: 'echo switch was \${{ needs.switch.result }}' }]
`,
  };
  const approvals: string[] = [];
  const approve = async (environment: string) => {
    approvals.push(environment);
    return 'approved' as const;
  };
  const first = await runHere(files, { approve, runId: 7 });
  const second = await runHere(files, { approve, previous: first.state });
  expect(first.conclusion).toBe('failure');
  expect(second.conclusion).toBe('success');
  expect(second.state).toMatchObject({ runId: 7, runAttempt: 2 });
  expect(approvals).toEqual(['production']);
  expect(second.events.filter(({ kind }) => kind === 'job-start').map(({ job }) => job)).toEqual(['switch', 'tell']);
  expect(second.log).toContain('cloned in 1');
  expect(second.log).toContain('switch was success');
});
