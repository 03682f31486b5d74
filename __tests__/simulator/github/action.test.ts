import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { until } from '../adapters/until.ts';
import { runHere } from './run-here.ts';

const MANIFEST = `
name: tiny
description: writes what it sees
inputs:
  phase: { description: what, required: true }
  two words: { description: a default with an expression, default: "\${{ github.repository }}!" }
  old: { description: gone, deprecationMessage: use phase }
outputs: { seen: { description: what it saw } }
runs: { using: node24, main: main.js, post: post.js }
`;

const MAIN = `
const { appendFileSync } = require('node:fs');
console.log('phase is ' + process.env.INPUT_PHASE + ', words are ' + process.env.INPUT_TWO_WORDS);
console.log('from ' + (process.env.GITHUB_ACTION_REPOSITORY || 'here') + ', extra ' + process.env.ZDD_EXTRA);
console.log('id token ' + (process.env.ACTIONS_ID_TOKEN_REQUEST_URL ? 'yes' : 'no') + ', token ' + ('GITHUB_TOKEN' in process.env));
appendFileSync(process.env.GITHUB_OUTPUT, 'seen<<EOD\\n' + process.env.INPUT_PHASE + '\\nEOD\\n');
appendFileSync(process.env.GITHUB_STATE, 'opened=' + process.env.INPUT_PHASE + '\\n');
if (process.env.INPUT_PHASE === 'hang') {
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => console.log('got ' + name));
  setInterval(() => {}, 1000);
  console.log('hanging');
}
`;

const ACTION = {
  'action.yml': MANIFEST,
  'main.js': MAIN,
  'post.js': `console.log('post closes ' + process.env.STATE_opened)`,
  'package.json': '{}',
};

test('an action gets inputs, defaults, extra environment; its post steps run last, in reverse order, with their state', async () => {
  const { log, jobs } = await runHere(
    {
      ...ACTION,
      'workflow.yml': `
on: workflow_dispatch
jobs:
  only:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - { uses: ./, id: one, with: { phase: clone, unheard-of: 1, old: x } }
      - { uses: ./, with: { phase: switch, two words: given } }
      - run: echo "saw \${{ steps.one.outputs.seen }}"; exit 1
`,
    },
    { runnerEnv: { ZDD_EXTRA: 'yes' } },
  );
  expect(log).toContain('phase is clone, words are contoso/shop!');
  expect(log).toContain('from here, extra yes');
  expect(log).toContain('id token no, token false');
  expect(log).toContain('phase is switch, words are given');
  expect(log).toContain('saw clone');
  expect(log.trimEnd().split('\n').slice(-2)).toEqual(['post closes switch', 'post closes clone']);
  expect(jobs.only?.annotations.map((one) => one.message)).toEqual([
    "Input 'old' has been deprecated with message: use phase",
    "Unexpected input(s) 'unheard-of', valid inputs are ['phase', 'two words', 'old']",
    'Process completed with exit code 1.',
  ]);
});

test('cancelling sends SIGINT, then SIGTERM, then kills; the post step still runs', async () => {
  const cancel = new AbortController();
  const at: Record<string, number> = {};
  const { conclusion, jobs, log } = await runHere(
    {
      ...ACTION,
      'workflow.yml': `
on: workflow_dispatch
jobs:
  only:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - { uses: ./, with: { phase: hang } }
      - run: echo never
      - { if: cancelled(), run: echo tidying }
  after:
    needs: only
    runs-on: ubuntu-latest
    steps: [{ run: echo never }]
  always:
    needs: only
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: 'echo it was \${{ needs.only.result }}' }]
`,
    },
    {
      signal: cancel.signal,
      clockRate: 20,
      onEvent: ({ kind, text = '', at: instant, job }) => {
        if (kind === 'log') at[text] = instant;
        if (kind === 'log' && text === 'hanging') cancel.abort();
        if (kind === 'job-end' && job === 'only') at.end = instant;
      },
    },
  );
  const order = log.split('\n').filter((line) => /^(got|post|tidying|it was)/.test(line));
  expect(order).toEqual(['got SIGINT', 'got SIGTERM', 'tidying', 'post closes hang', 'it was cancelled']);
  const pause = (at['got SIGTERM'] ?? 0) - (at['got SIGINT'] ?? 0);
  expect(pause).toBeGreaterThan(300);
  expect(pause).toBeLessThan(1500);
  expect(jobs.only?.steps.map((step) => step.outcome)).toEqual([
    'success',
    'cancelled',
    'skipped',
    'success',
    'success',
  ]);
  expect([jobs.only?.conclusion, jobs.after?.conclusion, jobs.always?.conclusion, conclusion]).toEqual([
    'cancelled',
    'cancelled',
    'success',
    'cancelled',
  ]);
});

test('a step that must run in spite of a cancellation is not interrupted', async () => {
  const cancel = new AbortController();
  const { jobs } = await runHere(
    {
      'workflow.yml': `
on: workflow_dispatch
jobs:
  only:
    runs-on: ubuntu-latest
    steps:
      - { if: always(), run: 'echo started; sleep 0.2; echo finished' }
`,
    },
    {
      signal: cancel.signal,
      onEvent: ({ kind, text }) => {
        if (kind === 'log' && text === 'started') cancel.abort();
      },
    },
  );
  expect(jobs.only?.steps.map((step) => step.outcome)).toEqual(['success']);
  expect(jobs.only?.conclusion).toBe('cancelled');
});

test('a step that takes too long fails, a job that takes too long is cancelled', async () => {
  const { jobs, conclusion } = await runHere(
    {
      'workflow.yml': `
on: workflow_dispatch
jobs:
  step:
    runs-on: ubuntu-latest
    steps: [{ run: sleep 20, timeout-minutes: 1 }]
  job:
    runs-on: ubuntu-latest
    timeout-minutes: 1
    steps: [{ run: sleep 20 }]
`,
    },
    { clockRate: 200 },
  );
  expect(jobs.step?.conclusion).toBe('failure');
  expect(jobs.step?.annotations[0]?.message).toBe("The action 'Run sleep 20' has timed out after 1 minutes.");
  expect(jobs.job?.conclusion).toBe('cancelled');
  expect(conclusion).toBe('cancelled');
});

test('an action that was not checked out is missed in the words of the runner', async () => {
  const { jobs } = await runHere({
    'workflow.yml': 'on: workflow_dispatch\njobs: { a: { runs-on: x, steps: [{ uses: ./ }] } }',
  });
  expect(jobs.a?.annotations[0]?.message).toContain("Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under");
});

test('debug lines show when asked for, and what a job left running is ended', async () => {
  const files = {
    'workflow.yml': `
on: workflow_dispatch
jobs:
  only:
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "::debug::looking closer"; sleep 50 > /dev/null 2>&1 & echo "left $!"' }]
`,
  };
  const quiet = await runHere(files);
  const talking = await runHere(files, { secrets: { ACTIONS_STEP_DEBUG: 'true' } });
  expect(quiet.log).not.toContain('##[debug]looking closer');
  expect(talking.log).toContain('##[debug]looking closer');
  const left = /^left (\d+)$/m.exec(quiet.log)?.[1];
  if (process.platform !== 'linux') return;
  expect(quiet.log).toContain(`Terminate orphan process: pid (${left})`);
  // A signal is sent, and on a busy machine takes effect a moment later.
  await until(() => runningCommand(left) === '');
});

/** The command line of a process; empty when it has ended, also while nobody has asked for its exit code. */
function runningCommand(pid: string | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
