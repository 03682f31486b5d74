import { expect, test } from '@jest/globals';
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { StartupFailure } from '../../../simulator/github/contract.ts';
import { createIssuer, keySet } from '../../../simulator/github/id-token.ts';
import { runHere } from './run-here.ts';

const CALLED = `
on:
  workflow_call:
    inputs:
      app: { type: string, required: true }
      gate: { type: string, default: production }
      loud: { type: boolean }
    secrets: { password: {} }
    outputs: { id: { value: "\${{ jobs.work.outputs.id }}" } }
jobs:
  work:
    runs-on: ubuntu-latest
    environment: \${{ inputs.gate }}
    permissions: { id-token: write }
    outputs: { id: "\${{ steps.one.outputs.id }}" }
    steps:
      - id: one
        run: |
          echo "app \${{ inputs.app }}, loud \${{ inputs.loud }}, secret '\${{ secrets.password && 'given' }}'"
          echo "environment secret '\${{ secrets.INNER && 'given' }}', env '\${{ env.CALLERS }}', var \${{ vars.V }}"
          echo "id=\${{ inputs.app }}-1" >> "$GITHUB_OUTPUT"
      - run: |
          node -e 'fetch(process.env.ACTIONS_ID_TOKEN_REQUEST_URL + "&audience=api://AzureADTokenExchange", { headers: { authorization: "bearer " + process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN } }).then(async (r) => console.log("jwt " + (await r.json()).value))'
`;

const caller = (call: string) => ({
  '.github/workflows/called.yml': CALLED,
  'workflow.yml': `
on: workflow_dispatch
env: { CALLERS: own }
jobs:
  release:
    uses: ./.github/workflows/called.yml
    permissions: { id-token: write }
    ${call}
  after:
    needs: release
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "got \${{ needs.release.outputs.id }}"' }]
`,
});

const OPTIONS = {
  secrets: { password: 'hunter22' },
  vars: { V: 'crosses' },
  environments: { production: { secrets: { INNER: 'inner-secret' } } },
};

test('a called workflow gets inputs, vars and secrets, not env; environment secrets only when inherited', async () => {
  const named = await runHere(
    caller(`with: { app: shop }\n    secrets: { password: "\${{ secrets.password }}" }`),
    OPTIONS,
  );
  expect(named.log).toContain("app shop, loud false, secret 'given'");
  expect(named.log).toContain("environment secret '', env '', var crosses");
  expect(named.log).toContain('got shop-1');
  expect(named.jobs['release / work']?.conclusion).toBe('success');
  const inherited = await runHere(caller('with: { app: shop, loud: true }\n    secrets: inherit'), OPTIONS);
  expect(inherited.log).toContain("app shop, loud true, secret 'given'");
  expect(inherited.log).toContain("environment secret 'given'");
});

test('an ID token names the environment, is valid for 300 s and verifies against the issuer', async () => {
  const issuer = createIssuer('https://token.example/issuer');
  const now = Date.UTC(2026, 9, 1);
  const { log } = await runHere(caller('with: { app: shop }'), { ...OPTIONS, oidc: issuer, now: () => now });
  const token = /^jwt (\S+)/m.exec(log)?.[1] ?? '';
  const { payload } = await jwtVerify(token, createLocalJWKSet(await keySet(issuer)), { currentDate: new Date(now) });
  expect(payload).toMatchObject({
    iss: 'https://token.example/issuer',
    aud: 'api://AzureADTokenExchange',
    sub: 'repo:contoso/shop:environment:production',
    workflow_ref: 'contoso/shop/workflow.yml@refs/heads/main',
    job_workflow_ref: 'contoso/shop/.github/workflows/called.yml@refs/heads/main',
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
});

test("without an issuer of the caller's the run serves its own, and subjects may be immutable", async () => {
  let verified: Promise<string | undefined> | undefined;
  await runHere(caller('with: { app: shop }'), {
    ...OPTIONS,
    immutableSubjects: true,
    onEvent: ({ text }) => {
      const token = /^jwt (\S+)/m.exec(text ?? '')?.[1];
      if (token === undefined) return;
      const keys = createRemoteJWKSet(new URL(`${decodeJwt(token).iss}/.well-known/jwks`));
      verified = jwtVerify(token, keys).then(({ payload }) => payload.sub);
    },
  });
  expect(await verified).toMatch(/^repo:contoso@\d+\/shop@\d+:environment:production$/);
});

test('a call with a wrong input, or to a workflow that asks for more than is granted, does not start', async () => {
  await expect(runHere(caller('with: { app: shop, nothing: 1 }'), OPTIONS)).rejects.toThrow('Unexpected inputs');
  await expect(runHere(caller(''), OPTIONS)).rejects.toThrow('Required input "app"');
  await expect(runHere(caller('with: { app: shop, loud: "yes" }'), OPTIONS)).rejects.toThrow('allowed is a boolean');
  const files = caller('with: { app: shop }');
  const poorer = files['workflow.yml'].replace('permissions: { id-token: write }', 'permissions: { contents: read }');
  await expect(runHere({ ...files, 'workflow.yml': poorer }, OPTIONS)).rejects.toThrow(StartupFailure);
});

test('in a re-run the jobs of a called workflow count one by one', async () => {
  const files = {
    '.github/workflows/called.yml': `
on: workflow_call
jobs:
  one: { runs-on: x, steps: [{ run: echo one }] }
  two: { needs: one, runs-on: x, steps: [{ run: 'test "$GITHUB_RUN_ATTEMPT" = 2' }] }
`,
    'workflow.yml': `
on: workflow_dispatch
jobs:
  release: { uses: ./.github/workflows/called.yml }
  after: { needs: release, runs-on: x, steps: [{ run: echo after }] }
`,
  };
  const first = await runHere(files);
  expect(first.jobs.after?.conclusion).toBe('skipped');
  const second = await runHere(files, { previous: first.state });
  expect(second.conclusion).toBe('success');
  const ran = second.events.filter(({ kind }) => kind === 'job-start').map(({ job }) => job);
  expect(ran).toEqual(['release / two', 'after']);
});

test('artifacts go from job to job, and a second upload of a name fails', async () => {
  const { jobs, log } = await runHere({
    'workflow.yml': `
on: workflow_dispatch
jobs:
  build:
    runs-on: x
    steps:
      - run: mkdir out; echo content > out/package.zip
      - { uses: actions/upload-artifact@v4, with: { name: package, path: out/package.zip } }
      - { uses: actions/upload-artifact@v4, continue-on-error: true, with: { name: package, path: out } }
  use:
    needs: build
    runs-on: x
    steps:
      - { uses: actions/download-artifact@v4, with: { name: package, path: there } }
      - run: cat there/package.zip
      - { uses: actions/download-artifact@v4, with: { name: missing } }
`,
  });
  expect(log).toContain('\ncontent');
  expect(log).toContain('an artifact with the name "package" already exists');
  expect(jobs.use?.steps.map((step) => step.outcome)).toEqual(['success', 'success', 'failure']);
});

test('a file that is not packed bears its own name, and a page of GitHub shows it', async () => {
  const { jobs, log, state } = await runHere({
    'workflow.yml': `
on: workflow_dispatch
jobs:
  build:
    runs-on: x
    steps:
      - run: mkdir out; echo content > out/page.html
      - { id: kept, uses: actions/upload-artifact@v7, with: { name: other, path: out/page.html, archive: false } }
      - run: echo "at \${{ steps.kept.outputs.artifact-url }}"
      - { uses: actions/upload-artifact@v7, continue-on-error: true, with: { path: out, archive: false } }
`,
  });
  expect(Object.keys(state.artifacts)).toEqual(['page.html']);
  expect(log).toMatch(/at https:\/\/github\.com\/[\w/]+\/actions\/runs\/\d+\/artifacts\/1/);
  expect(jobs.build?.steps.at(-1)?.outcome).toBe('failure');
});

test("a job's token ends with the job", async () => {
  const ask = `node -e 'fetch(process.env.GITHUB_API_URL + "/repos/contoso/shop/issues/1/comments", { headers: { authorization: "token " + process.argv[1] } }).then((r) => console.log("answer " + r.status))'`;
  const { log } = await runHere({
    'workflow.yml': `
on: workflow_dispatch
permissions: { issues: read }
jobs:
  one:
    runs-on: x
    outputs: { reversed: "\${{ steps.a.outputs.r }}" }
    steps:
      - { id: a, run: 'echo "r=$(echo \${{ github.token }} | rev)" >> "$GITHUB_OUTPUT"' }
      - run: |
          ${ask} \${{ github.token }}
  two:
    needs: one
    runs-on: x
    steps:
      - run: |
          ${ask} "$(echo \${{ needs.one.outputs.reversed }} | rev)"
`,
  });
  expect(log.match(/^answer \d+$/gm)).toEqual(['answer 200', 'answer 401']);
});
