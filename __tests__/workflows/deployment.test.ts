import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { WorkflowOptions } from '../../simulator/github/contract.ts';
import { parseWorkflowFile } from '../../simulator/github/parse.ts';
import { runHere } from '../simulator/github/run-here.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WORKFLOWS = join(ROOT, '.github/workflows');

/** Stands in for the action: says which phase ran for which deployment, and fails where it is told to. */
const STAND_IN = `
const { appendFileSync, existsSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const given = process.env.INPUT_PHASE.split(',');
const failing = given.indexOf(process.env.ZDD_FAIL);
const phases = failing < 0 ? given : given.slice(0, failing + 1);
const phase = phases.at(-1);
const all = given.join(',');
const id = process.env['INPUT_DEPLOYMENT-ID'];
for (const each of phases) console.log('PHASE ' + each + ' ' + id);
for (const [name, value] of Object.entries(process.env)) for (const [, secret] of value.matchAll(/HIDDEN-([A-Z]+)/g)) console.log('HAS ' + all + ' ' + name + ' ' + secret.toLowerCase());
console.log('AS ' + process.env.AZURE_CLIENT_ID + ' ' + all);
if (process.env['INPUT_SETUP-COMMAND']) console.log('TOOLS ' + process.env.AZURE_CLIENT_ID + ' ' + all);
if (process.env['INPUT_HOOK-COMMAND']) console.log('TELLS ' + process.env.AZURE_CLIENT_ID + ' ' + all);
const build = process.env.INPUT_PACKAGE;
if (build && !build.startsWith('https:') && !existsSync(build)) throw new Error('no package at ' + build);
const states = { rollback: 'rolled-back', status: 'completed' };
const outputs = { 'deployment-id': id === 'open' ? 'opened' : id || 'minted', state: states[phase] ?? phase, 'validation-url': 'https://staging', 'production-url': 'https://shop', 'clone-database': 'shop-copy', 'clone-databases': '{"shop":"shop-copy"}', 'snapshot-timestamp': 'T2', 'snapshot-requested-at': 'T1', 'production-slot-id': '/p', 'readonly-slot-id': '/r', 'staging-slot-id': '/s' };
const files = { report: join(process.env.RUNNER_TEMP, 'zdd-report.json'), ...(phases.includes('validate') ? { 'review-page': join(process.env.RUNNER_TEMP, 'zdd-review-shop.html') } : {}) };
for (const file of Object.values(files)) writeFileSync(file, all);
for (const [name, value] of Object.entries({ ...outputs, ...files })) appendFileSync(process.env.GITHUB_OUTPUT, name + '=' + value + '\\n');
if (phase === process.env.ZDD_FAIL) process.exitCode = 1;
`;

const STANDING_IN = mkdtempSync(join(tmpdir(), 'zdd-action-'));
beforeAll(() => makeAction(STANDING_IN));
afterAll(() => rmSync(STANDING_IN, { recursive: true }));

/** A copy of this repository's workflows and action.yml, with the stand-in for `dist`. */
function makeAction(folder: string): void {
  cpSync(WORKFLOWS, join(folder, '.github/workflows'), { recursive: true });
  const manifest = readFileSync(join(ROOT, 'action.yml'), 'utf8').replaceAll('dist/index.js', 'main.cjs');
  writeFileSync(join(folder, 'action.yml'), manifest.replace(/\n {2}post: .*/, ''));
  writeFileSync(join(folder, 'main.cjs'), STAND_IN);
}

function run(file: string, options: Partial<WorkflowOptions> = {}) {
  return runText(readFileSync(join(WORKFLOWS, file), 'utf8'), options);
}

async function runText(workflow: string, options: Partial<WorkflowOptions> = {}) {
  const result = await runHere(
    {
      'package.json': JSON.stringify({ scripts: { package: 'echo build > package.zip' } }),
      'workflow.yml': workflow,
    },
    {
      actions: { 'org/zdd-action': STANDING_IN },
      environments: { zdd: {}, production: { reviewers: true } },
      approve: async () => 'approved',
      ...options,
    },
  );
  const phases = [...result.log.matchAll(/^PHASE (.*)$/gm)].map((match) => match[1]?.trim());
  const warnings = Object.values(result.jobs).flatMap((job) =>
    job.annotations.filter(({ level }) => level === 'warning'),
  );
  expect(warnings).toEqual([]);
  return { ...result, phases };
}

test('every workflow of this repository is valid', async () => {
  const files = readdirSync(WORKFLOWS);
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) await parseWorkflowFile(join(WORKFLOWS, file), file);
});

test('the example goes through all phases, its gate and the cleanup', async () => {
  const { conclusion, phases, jobs, events, state } = await run('example-deploy.yml');
  expect(phases).toEqual([
    'preflight',
    'clone',
    'read-only',
    ...['switch minted', 'deploy minted', 'validate minted', 'complete minted', 'cleanup minted', 'status minted'],
  ]);
  expect(conclusion).toBe('success');
  expect(jobs.deploy?.outputs).toMatchObject({
    'deployment-id': 'minted',
    state: 'completed',
    'validation-url': 'https://staging',
    'clone-database': 'shop-copy',
    'clone-databases': '{"shop":"shop-copy"}',
    'snapshot-timestamp': 'T2',
    'snapshot-requested-at': 'T1',
    'production-slot-id': '/p',
    'readonly-slot-id': '/r',
    'staging-slot-id': '/s',
  });
  // Where GitHub shows it: evaluated at the end of a job, so not on the gate itself.
  const urls = Object.entries(jobs).flatMap(([name, { environmentUrl }]) =>
    environmentUrl === undefined ? [] : [[name, environmentUrl]],
  );
  expect(urls).toEqual([
    ['deploy / update', 'https://staging'],
    ['deploy / complete', 'https://shop'],
  ]);
  expect(events.filter(({ kind }) => kind === 'waiting-approval').map(({ text }) => text)).toEqual(['production']);
  expect(state.concurrency).toEqual([
    { scope: 'deploy / workflow', group: 'zdd-shop-shop', cancelInProgress: false, queue: 'max' },
  ]);
});

test('the report for reviewers is there when they are asked, also of a build that failed, and the report of each job', async () => {
  const { state, summaries } = await run('example-deploy.yml');
  expect(Object.keys(state.artifacts).sort()).toEqual([
    'package',
    'zdd-report-shop-complete',
    'zdd-report-shop-update',
    'zdd-review-shop.html',
  ]);
  expect(summaries.map(({ text }) => text).join('\n')).toMatch(
    /\[The report for reviewers as a page\]\(https:.*\/artifacts\/\d+\)/,
  );
  const failed = await run('example-deploy.yml', { runnerEnv: { ZDD_FAIL: 'validate' } });
  expect(Object.keys(failed.state.artifacts)).toContain('zdd-review-shop.html');
});

test('the workflow in README.md does the same, with a build that takes no .NET', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const shown = /```yaml\n(name: Deploy\n[\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const workflow = shown.replace(/run: dotnet publish .*/, 'run: echo build > package.zip');
  const { conclusion, phases } = await runText(workflow);
  expect(workflow).not.toBe(shown);
  expect(phases).toHaveLength(9);
  expect(conclusion).toBe('success');
});

test('after a rejection visitors stay where they are, and the report says what to do', async () => {
  const { conclusion, phases, summaries } = await run('example-deploy.yml', { approve: async () => 'rejected' });
  expect(phases.slice(5)).toEqual(['validate minted', 'status minted']);
  const said = summaries.at(-1)?.text;
  expect(said).toContain('The new build was not approved');
  expect(said).toMatch(/\[Roll back\]\(http.*\/actions\) with `rollback-scope: auto`/);
  // To go on with what was rejected is no advice.
  expect(said).not.toContain('Phases that can run next');
  expect(conclusion).toBe('failure');
});

test('an environment without reviewers stops the deployment before anything is done', async () => {
  const { conclusion, phases, log } = await run('example-deploy.yml', { environments: { zdd: {}, production: {} } });
  expect(phases).toEqual(['status']);
  expect(log).toContain('nothing was done: give the environment "production" required reviewers');
  expect(conclusion).toBe('failure');
});

test('an environment with reviewers is found among many, one an open pull request', async () => {
  const previews = Array.from({ length: 130 }, (_, index) => [`preview-${index}`, {}]);
  const environments = Object.fromEntries([...previews, ['zdd', {}], ['production', { reviewers: true }]]);
  const { conclusion, log } = await run('example-deploy.yml', { environments });
  expect(log).toContain('The environment "production" has required reviewers.');
  expect(conclusion).toBe('success');
});

test('without a gate ahead nobody has to be asked', async () => {
  const { conclusion, phases } = await run('example-deploy.yml', { environments: {}, inputs: { rehearsal: true } });
  expect(phases).toContain('cleanup minted');
  expect(conclusion).toBe('success');
});

test('an approval that nobody had to give stops a roll-forward', async () => {
  const inputs = { 'roll-forward': true };
  const { conclusion, phases, log } = await run('example-deploy.yml', { environments: {}, inputs });
  expect(phases).not.toContain('complete opened');
  expect(log).toContain('nobody had to approve: give the environment "production" required reviewers');
  expect(conclusion).toBe('failure');
});

test('a rehearsal cleans up and moves nobody', async () => {
  const { conclusion, phases } = await run('example-deploy.yml', { inputs: { rehearsal: true } });
  expect(phases).toEqual(['preflight', 'clone', 'read-only', 'cleanup minted', 'status minted']);
  expect(conclusion).toBe('success');
});

test('roll-forward deploys another package to the open deployment', async () => {
  const { conclusion, phases } = await run('example-deploy.yml', { inputs: { 'roll-forward': true } });
  expect(phases).toEqual(['deploy open', 'validate open', 'complete opened', 'cleanup opened', 'status opened']);
  expect(conclusion).toBe('success');
});

test.each([
  ['clone', '', ['status minted'], 'Visitors noticed nothing'],
  ['deploy', '', ['status minted'], 'Visitors may be on the read-only copy'],
  ['complete', '', ['status minted'], 'The status above says what production is serving'],
  [
    'deploy',
    'code',
    ['rollback minted', 'validate minted', 'complete minted', 'cleanup minted', 'status minted'],
    'The deployment was undone',
  ],
])('when %s fails and "%s" is to be brought back, what follows is %j', async (failing, scope, after, advice) => {
  const inputs = scope === '' ? {} : { 'rollback-on-failure': scope };
  const { conclusion, phases, summaries } = await run('example-deploy.yml', {
    inputs,
    runnerEnv: { ZDD_FAIL: failing },
  });
  const failedAt = phases.findIndex((phase) => phase?.split(' ')[0] === failing);
  expect(phases.slice(failedAt + 1)).toEqual(after);
  expect(summaries.at(-1)?.text).toContain(advice);
  expect(conclusion).toBe('failure');
});

/** One run of the action: visitors are read-only meanwhile. */
const UPDATE = 'switch,deploy,validate';

test('each secret reaches the runs with a phase that needs it, and no other', async () => {
  const text = readFileSync(join(WORKFLOWS, 'example-deploy.yml'), 'utf8');
  const given = {
    ZDD_SQL_ACCESS: 'Server=s;Password=HIDDEN-SQL-1',
    ZDD_CLONE_CONNECTION_SETTINGS: 'A=Server=s;Password=HIDDEN-CLONE-1\nB={{unchanged}}',
    ZDD_READONLY_SETTINGS: 'MODE=HIDDEN-READONLY-1',
    ZDD_APP_SETTINGS: 'KEY=HIDDEN-APP-1',
    ZDD_SETUP_ENV: 'TOKEN=HIDDEN-SETUP-1',
    ZDD_COPY_ENV: 'ROW=HIDDEN-COPY-1',
    ZDD_MIGRATE_ENV: 'ADMIN=HIDDEN-MIGRATE-1',
    ZDD_AFTER_START_ENV: 'ADMIN=HIDDEN-AFTER-1',
    ZDD_PACKAGE_SIGNATURE: 'sv=1&sig=HIDDEN-PACKAGE-1',
    ZDD_PROBE_HEADERS: 'X-Office: HIDDEN-PROBE-1',
  };
  const passed = Object.keys(given).map((name) => `      ${name}: \${{ secrets.${name} }}`);
  const workflow = text
    .replace(/ {4}secrets:\n[\s\S]*/, `    secrets:\n${passed.join('\n')}\n`)
    .replace('      environment: zdd\n', '      environment: zdd\n      package: https://store.example/shop-2.zip\n');
  const { conclusion, log } = await runText(workflow, { secrets: given });
  const has = [...log.matchAll(/^HAS (\S+) INPUT_(\S+) (\S+)/gm)].map(
    ([, phase, name, secret]) => `${secret} ${phase} ${name}`,
  );
  const expected = [
    ...['preflight', 'clone', 'read-only', UPDATE, 'complete', 'cleanup', 'status'].map(
      (phases) => `sql ${phases} SQL-ACCESS`,
    ),
    ...['preflight', 'read-only', UPDATE].map((phases) => `clone ${phases} CLONE-CONNECTION-SETTINGS`),
    ...['preflight', 'read-only', UPDATE].map((phases) => `readonly ${phases} READONLY-SETTINGS`),
    ...['preflight', 'read-only', UPDATE].map((phases) => `app ${phases} APP-SETTINGS`),
    ...['preflight', 'read-only', UPDATE].map((phases) => `package ${phases} PACKAGE`),
    ...['preflight', 'read-only', UPDATE].map((phases) => `setup ${phases} SETUP-ENV`),
    ...['preflight', 'clone', 'read-only', UPDATE, 'complete', 'cleanup', 'status'].map(
      (phases) => `probe ${phases} PROBE-HEADERS`,
    ),
    'copy read-only COPY-ENV',
    `migrate ${UPDATE} MIGRATE-ENV`,
    `after ${UPDATE} AFTER-START-ENV`,
  ];
  expect([conclusion, has.sort()]).toEqual(['success', expected.sort()]);
});

test('the rollback goes back through validation, the gate and cleanup', async () => {
  const { conclusion, phases, events } = await run('example-rollback.yml');
  expect(phases).toEqual(['rollback open', 'validate open', 'complete opened', 'cleanup opened', 'status opened']);
  expect(events.some(({ kind }) => kind === 'waiting-approval')).toBe(true);
  expect(conclusion).toBe('success');
});

test.each([
  ['rollback', 'it continues where this run stopped'],
  ['complete', 'a job that was rejected asks again'],
  ['cleanup', 'Visitors are on the previous build'],
])('a rollback that ends red in %s says what to do', async (failing, advice) => {
  const { conclusion, phases, summaries } = await run('example-rollback.yml', { runnerEnv: { ZDD_FAIL: failing } });
  expect(phases.at(-1)).toMatch(/^status /);
  expect(summaries.at(-1)?.text).toContain('This rollback did not end');
  expect(summaries.at(-1)?.text).toContain(advice);
  expect(conclusion).toBe('failure');
});

test.each([
  ['example-deploy.yml', '## This deployment did its work, and its status is red'],
  ['example-rollback.yml', '## This rollback did its work, and its status is red'],
])('where only the status at the end of %s is red, it says so', async (file, title) => {
  const { conclusion, summaries } = await run(file, { runnerEnv: { ZDD_FAIL: 'status' } });
  expect(summaries.at(-1)?.text).toContain(title);
  expect(summaries.at(-1)?.text).toContain('Every job went through. The status above says what is wrong now');
  expect(conclusion).toBe('failure');
});

test('a rollback that is rejected leaves visitors where they are and says what to do', async () => {
  const { summaries } = await run('example-rollback.yml', { approve: async () => 'rejected' });
  expect(summaries.at(-1)?.text).toContain('the previous build waits in its slot');
});

test('a rollback that nobody would have to approve begins nothing', async () => {
  const { conclusion, phases, log } = await run('example-rollback.yml', { environments: { zdd: {}, production: {} } });
  expect(phases).toEqual(['status open']);
  expect(log).toContain('nothing was done: give the environment "production" required reviewers');
  expect(conclusion).toBe('failure');
});

/** The example, calling with an identity that alone may swap. */
function withSwapper(file: string): string {
  const text = readFileSync(join(WORKFLOWS, file), 'utf8');
  return text.replace(
    '      environment: zdd\n',
    '      environment: zdd\n      client-id: ordinary\n      swap-client-id: swapper\n',
  );
}

test.each([
  ['example-deploy.yml', ['deploy / open-window', 'deploy / complete'], ['switch', 'complete']],
  ['example-rollback.yml', ['roll-back / roll-back', 'roll-back / complete'], ['rollback', 'validate', 'complete']],
])(
  'where only a second identity may swap, %s asks before the jobs %j, and it alone runs %j',
  async (file, asked, swapping) => {
    const { conclusion, log, state } = await runText(withSwapper(file));
    expect(state.approvals).toEqual(asked.map((job) => ({ job, environment: 'production', state: 'approved' })));
    const as = [...log.matchAll(/^AS (\S+) (\S+)/gm)].map(([, who, phase]) => ({ who, phase }));
    expect(as.filter(({ who }) => who === 'swapper').map(({ phase }) => phase)).toEqual(swapping);
    expect(as.filter(({ who }) => who === 'ordinary').length).toBe(as.length - swapping.length);
    expect(conclusion).toBe('success');
  },
);

test('where Azure trusts the identity in the approval environment, too, the job that was approved completes', async () => {
  const text = readFileSync(join(WORKFLOWS, 'example-deploy.yml'), 'utf8');
  const workflow = text.replace(
    '      environment: zdd\n',
    '      environment: zdd\n      approve-with-complete: true\n',
  );
  const { conclusion, phases, jobs, state } = await runText(workflow);
  expect(state.approvals).toEqual([{ job: 'deploy / complete', environment: 'production', state: 'approved' }]);
  expect(jobs['deploy / approve']?.conclusion).toBe('skipped');
  expect([conclusion, phases.includes('complete minted')]).toEqual(['success', true]);
  const rejected = await runText(workflow, { approve: async () => 'rejected' });
  expect(rejected.phases).not.toContain('complete minted');
});

/** The example, in which reviewers of another environment choose the moment. */
function withMoment(text = readFileSync(join(WORKFLOWS, 'example-deploy.yml'), 'utf8')): string {
  return text.replace('      environment: zdd\n', '      environment: zdd\n      switch-environment: window\n');
}

const GATES = { zdd: {}, production: { reviewers: true }, window: { reviewers: true } };

test('a person chooses the moment of the switch, and another one approves the new build', async () => {
  const { conclusion, phases, state } = await runText(withMoment(), { environments: GATES });
  expect(state.approvals).toEqual([
    { job: 'deploy / moment', environment: 'window', state: 'approved' },
    { job: 'deploy / approve', environment: 'production', state: 'approved' },
  ]);
  expect([conclusion, phases.length]).toEqual(['success', 9]);
});

test('before the moment has come visitors are where they were, and it can be put off', async () => {
  const { conclusion, phases, summaries } = await runText(withMoment(), {
    environments: GATES,
    approve: async (environment) => (environment === 'window' ? 'rejected' : 'approved'),
  });
  expect(phases).toEqual(['preflight', 'clone', 'read-only', 'status minted']);
  expect(summaries.at(-1)?.text).toContain('Visitors noticed nothing, and everything is ready');
  expect(conclusion).toBe('failure');
});

test('where nobody would choose the moment nothing is begun', async () => {
  const { phases, log } = await runText(withMoment(), { environments: { ...GATES, window: {} } });
  expect(phases).toEqual(['status']);
  expect(log).toContain('give the environment "window" required reviewers or a custom protection rule');
});

test('a second identity waits for the moment, too; a rehearsal and a roll-forward do not', async () => {
  const { state, conclusion } = await runText(withMoment(withSwapper('example-deploy.yml')), { environments: GATES });
  expect(state.approvals.map(({ job }) => job)).toEqual([
    'deploy / moment',
    'deploy / open-window',
    'deploy / complete',
  ]);
  expect(conclusion).toBe('success');
  for (const inputs of [{ rehearsal: true }, { 'roll-forward': true }]) {
    const other = await runText(withMoment(), { environments: GATES, inputs });
    expect(other.state.approvals.map(({ job }) => job)).not.toContain('deploy / moment');
    expect(other.conclusion).toBe('success');
  }
});

test.each(['example-deploy.yml', 'example-rollback.yml'])(
  'a custom protection rule of an app counts as approval: %s',
  async (file) => {
    const environments = { zdd: {}, production: { customRule: true } };
    const { conclusion, log } = await run(file, { environments });
    expect(log).toContain('The environment "production" has a custom protection rule.');
    expect(log).toContain('Let pass by a custom protection rule in the environment "production".');
    expect(conclusion).toBe('success');
    const refused = await run(file, { environments, approve: async () => 'rejected' });
    expect(refused.phases.filter((phase) => phase?.startsWith('complete'))).toEqual([]);
  },
);

test('no command runs as the identity that may swap', async () => {
  const workflow = withSwapper('example-deploy.yml').replace(
    '    with:\n      resource',
    '    with:\n      setup-command: npm ci\n      hook-command: ./tell.sh\n      resource',
  );
  const { log } = await runText(workflow);
  const tells = [...log.matchAll(/^TELLS (\S+) (\S+)/gm)].map(([, who, phase]) => `${who} ${phase}`);
  expect(tells).toEqual(
    ['preflight', 'clone', 'read-only', 'deploy,validate', 'cleanup', 'status'].map((phase) => `ordinary ${phase}`),
  );
  const phases = [...log.matchAll(/^TOOLS (\S+) (\S+)/gm)].map(([, who, phase]) => `${who} ${phase}`);
  expect(phases).toContain('ordinary deploy,validate');
  expect(phases.filter((each) => each.startsWith('swapper'))).toEqual([]);
  const plain = await runText(workflow.replace(/ +swap-client-id: .*\n/, ''));
  expect(plain.log).toMatch(/^TOOLS ordinary switch,deploy,validate/m);
});

test('what only a second identity may do waits for a reviewer, who can refuse it', async () => {
  const { phases } = await runText(withSwapper('example-deploy.yml'), { approve: async () => 'rejected' });
  expect(phases).toEqual(['preflight', 'clone', 'read-only', 'status minted']);
});

test('a roll-forward, and the way back after a failure, ask where only a second identity may swap', async () => {
  const forward = await runText(withSwapper('example-deploy.yml'), { inputs: { 'roll-forward': true } });
  expect(forward.state.approvals.map(({ job }) => job)).toEqual(['deploy / complete']);
  expect(forward.conclusion).toBe('success');
  const back = await runText(withSwapper('example-deploy.yml'), {
    inputs: { 'rollback-on-failure': 'code' },
    runnerEnv: { ZDD_FAIL: 'deploy' },
  });
  expect(back.state.approvals.map(({ job }) => job)).toEqual(['deploy / open-window', 'deploy / roll-back']);
  expect(back.phases.slice(-5)).toEqual([
    'rollback minted',
    'validate minted',
    'complete minted',
    'cleanup minted',
    'status minted',
  ]);
});

test('the watchdog looks at whichever deployment is open', async () => {
  const { phases } = await run('example-watchdog.yml', { event: { name: 'schedule' } });
  expect(phases).toEqual(['status open']);
});

test('what a workflow leaves out has the same default as in the action', () => {
  const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')).inputs;
  for (const file of ['zero-downtime.yml', 'zero-downtime-rollback.yml']) {
    const { inputs } = parse(readFileSync(join(WORKFLOWS, file), 'utf8')).on.workflow_call;
    for (const [name, { default: otherwise }] of Object.entries<{ default?: unknown }>(inputs)) {
      if (['package', 'deployment-id', 'rollback-scope'].includes(name) || !(name in action) || otherwise === undefined)
        continue;
      expect([file, name, String(otherwise)]).toEqual([file, name, String(action[name].default)]);
    }
  }
});
