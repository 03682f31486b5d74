import { expect, test } from '@jest/globals';
import { runHere } from './run-here.ts';

test('outputs travel from step to job to the next job, empty ones are left out', async () => {
  const { conclusion, jobs, log } = await runHere({
    'workflow.yml': `
on: workflow_dispatch
jobs:
  make:
    runs-on: ubuntu-latest
    outputs: { id: "\${{ steps.one.outputs.id }}", text: "\${{ steps.one.outputs.text }}", none: "\${{ steps.one.outputs.none }}" }
    steps:
      - id: one
        run: |
          echo "id=42" >> "$GITHUB_OUTPUT"
          printf 'text<<END\\na=1\\nb<<c\\nEND\\n' >> "$GITHUB_OUTPUT"
  take:
    needs: make
    runs-on: ubuntu-latest
    steps:
      - run: echo "got \${{ needs.make.outputs.id }} from \${{ needs.make.result }}"
`,
  });
  expect(jobs.make?.outputs).toEqual({ id: '42', text: 'a=1\nb<<c' });
  expect(log).toContain('\ngot 42 from success');
  expect(conclusion).toBe('success');
});

test('an output that contains a masked value is dropped with the warning, and the log hides the value', async () => {
  const { jobs, log } = await runHere(
    {
      'workflow.yml': `
on: workflow_dispatch
jobs:
  make:
    runs-on: ubuntu-latest
    outputs: { id: "\${{ steps.one.outputs.id }}", other: "\${{ steps.one.outputs.other }}", plain: "\${{ steps.one.outputs.plain }}" }
    steps:
      - id: one
        env: { SUBSCRIPTION: "\${{ secrets.SUBSCRIPTION }}" }
        run: |
          echo "::add-mask::hushhush"
          echo "this is hushhush and $SUBSCRIPTION"
          echo "id=/subscriptions/$SUBSCRIPTION/x" >> "$GITHUB_OUTPUT"
          echo "other=hushhush" >> "$GITHUB_OUTPUT"
          echo "plain=shop" >> "$GITHUB_OUTPUT"
`,
    },
    { secrets: { SUBSCRIPTION: '1234-5678' } },
  );
  expect(jobs.make?.outputs).toEqual({ plain: 'shop' });
  expect(log).toContain('this is *** and ***');
  expect(log).not.toContain('1234-5678');
  expect(jobs.make?.annotations.map((one) => one.message)).toEqual([
    "Skip output 'id' since it may contain secret.",
    "Skip output 'other' since it may contain secret.",
  ]);
});

test('a failure skips what follows, except where a condition asks for it', async () => {
  const { conclusion, jobs, log } = await runHere({
    'workflow.yml': `
on: workflow_dispatch
jobs:
  first:
    runs-on: ubuntu-latest
    steps:
      - run: exit 3
      - run: echo skipped
      - if: failure()
        run: echo "cleaning up in \${{ job.status }}"
  second:
    needs: first
    runs-on: ubuntu-latest
    steps: [{ run: echo never }]
  third:
    needs: second
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: "echo second was \${{ needs.second.result }}" }]
  fourth:
    needs: third
    runs-on: ubuntu-latest
    steps: [{ run: echo never }]
  fifth:
    needs: third
    if: failure()
    runs-on: ubuntu-latest
    steps: [{ run: echo an ancestor failed }]
`,
  });
  const conclusions = Object.fromEntries(Object.entries(jobs).map(([id, job]) => [id, job.conclusion]));
  expect(conclusions).toEqual({
    first: 'failure',
    second: 'skipped',
    third: 'success',
    fourth: 'skipped',
    fifth: 'success',
  });
  expect(jobs.first?.steps.map((step) => step.outcome)).toEqual(['failure', 'skipped', 'success']);
  expect(log).toContain('cleaning up in failure');
  expect(log).toContain('Process completed with exit code 3.');
  expect(conclusion).toBe('failure');
});

test('continue-on-error keeps the outcome and changes the conclusion', async () => {
  const { conclusion, jobs } = await runHere({
    'workflow.yml': `
on: workflow_dispatch
jobs:
  only:
    runs-on: ubuntu-latest
    steps:
      - id: shaky
        continue-on-error: true
        run: exit 1
      - run: test "\${{ steps.shaky.outcome }} \${{ steps.shaky.conclusion }}" = "failure success"
`,
  });
  expect(jobs.only?.steps.map(({ outcome, conclusion }) => `${outcome} ${conclusion}`)).toEqual([
    'failure success',
    'success success',
  ]);
  expect(conclusion).toBe('success');
});

test('environment, shell, working directory and matrix are as the file says', async () => {
  const { log, jobs } = await runHere(
    {
      'folder/note.txt': 'hello from the checkout',
      'workflow.yml': `
on: { workflow_dispatch: { inputs: { loud: { type: boolean, default: true }, who: { type: choice, options: [a, b] } } } }
env: { ONE: workflow, TWO: workflow }
defaults: { run: { shell: bash } }
jobs:
  only:
    runs-on: ubuntu-latest
    env: { TWO: "job \${{ vars.COLOUR }}" }
    strategy: { fail-fast: false, matrix: { n: [1, 2] } }
    steps:
      - uses: actions/checkout@v5
      - run: echo "THREE=from file" >> "$GITHUB_ENV"
      - if: inputs.loud
        working-directory: folder
        env: { FOUR: "\${{ env.TWO }}!" }
        run: |
          cat note.txt; echo
          echo "$ONE/$TWO/$THREE/$FOUR/\${{ matrix.n }}/\${{ inputs.who }}/$GITHUB_REF_NAME/$CI"
      - run: false | true
`,
    },
    { vars: { COLOUR: 'red' } },
  );
  expect(log).toContain('hello from the checkout');
  expect(log).toContain('workflow/job red/from file/job red!/1/a/main/true');
  expect(log).toContain('workflow/job red/from file/job red!/2/a/main/true');
  expect(jobs['only (1)']?.steps.at(-1)?.outcome).toBe('failure');
});

test('a summary is kept, masked, and lost when it is larger than GitHub takes', async () => {
  const { summaries, jobs } = await runHere(
    {
      'workflow.yml': `
on: workflow_dispatch
jobs:
  only:
    runs-on: ubuntu-latest
    steps:
      - run: echo "# well done, secretvalue" >> "$GITHUB_STEP_SUMMARY"
      - run: head -c 1048577 /dev/zero | tr '\\0' x > "$GITHUB_STEP_SUMMARY"
`,
    },
    { secrets: { S: 'secretvalue' } },
  );
  expect(summaries).toEqual([{ job: 'only', text: '# well done, ***\n' }]);
  expect(jobs.only?.annotations[0]?.message).toBe(
    '$GITHUB_STEP_SUMMARY upload aborted, supports content up a size of 1024k, got 1024k.',
  );
});

test('what is not simulated, not valid or not defined stops the run, naming itself', async () => {
  const job = (step: string) => ({
    'workflow.yml': `on: workflow_dispatch\njobs: { a: { runs-on: x, steps: [${step}] } }`,
  });
  await expect(runHere(job('{ uses: some/thing@v1 }'))).rejects.toThrow('Not simulated: the action "some/thing@v1"');
  await expect(runHere(job(`{ run: "\${{ hashFiles('x') }}" }`))).rejects.toThrow(
    'Not simulated: the function hashFiles',
  );
  await expect(runHere(job(`{ run: "\${{ nothing.x }}" }`))).rejects.toThrow('Unrecognized named-value');
  await expect(runHere(job('{ run: echo }'), { inputs: { x: 1 } })).rejects.toThrow('Unexpected inputs provided');
  await expect(runHere(job('{ run: echo }'), { event: { name: 'push' } })).rejects.toThrow('event "push"');
});

test('when one job of a matrix fails, the others are cancelled, unless fail-fast is off', async () => {
  const workflow = (strategy: string) => ({
    'workflow.yml': `
on: workflow_dispatch
jobs:
  only:
    runs-on: ubuntu-latest
    strategy: { matrix: { n: [1, 2] }${strategy} }
    steps: [{ run: 'test \${{ matrix.n }} = 1 || exit 1; sleep 0.5' }]
`,
  });
  const fast = await runHere(workflow(''));
  expect([fast.jobs['only (1)']?.conclusion, fast.jobs['only (2)']?.conclusion]).toEqual(['cancelled', 'failure']);
  const patient = await runHere(workflow(', fail-fast: false'));
  expect([patient.jobs['only (1)']?.conclusion, patient.jobs['only (2)']?.conclusion]).toEqual(['success', 'failure']);
  expect([fast.conclusion, patient.conclusion]).toEqual(['failure', 'failure']);
});
