import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type PhaseName, phaseNames } from '../../src/settings/phases.ts';

/**
 * Whoever calls the reusable workflows can tell the action only what they pass on. So every input has its phases here, and
 * every step of the workflows that runs one of them passes the input, or says below why not.
 */
const ALL = phaseNames;
const PROVING: readonly PhaseName[] = [
  'preflight',
  'read-only',
  'switch',
  'deploy',
  'validate',
  'complete',
  'rollback',
];
/** `status` asks production, as visitors do. */
const ASKING: readonly PhaseName[] = [...PROVING, 'status'];
/** An earlier run may have left a swap open, which every one of these settles first. */
const SWAPPING: readonly PhaseName[] = ['switch', 'deploy', 'validate', 'complete', 'cleanup', 'rollback'];
/** What `clone` records: a later phase needs it no more, and may not contradict it. */
const RECORDED: readonly PhaseName[] = ['preflight', 'clone'];

const MEANS: Readonly<Record<string, readonly PhaseName[]>> = {
  phase: ALL,
  'deployment-id': ALL,
  'resource-group': ALL,
  'app-name': ALL,
  'sql-server': ALL,
  'sql-access': ALL,
  'open-firewall': ALL,
  'swap-client-id': ['preflight'],
  'azure-environment': ALL,
  hooks: ALL,
  'hook-command': ALL,
  'hook-env': ALL,
  'hook-secret': ALL,
  'hook-policy': ALL,
  'hook-timeout': ALL,
  'github-deployment': ALL,
  'comment-on-pull-request': ALL,
  // A record alone is not believed where a copy is lost: see drawn-in.ts.
  databases: [...RECORDED, 'rollback'],
  'readonly-slot': RECORDED,
  'staging-slot': RECORDED,
  mode: RECORDED,
  profile: RECORDED,
  'adopt-slots': ['preflight', 'read-only', 'deploy'],
  'slot-users': ['preflight', 'clone'],
  'plan-sku': ['preflight', 'clone', 'read-only'],
  'pause-auto-swap': ['preflight', 'clone', 'read-only', 'switch', 'cleanup'],
  'release-slot-settings': ['preflight', 'clone', 'read-only', 'switch', 'cleanup'],
  'accept-data-loss': ['preflight', 'clone', 'read-only', 'switch', 'rollback'],
  'readonly-settings': ['preflight', 'read-only', 'switch'],
  'clone-connection-settings': ['preflight', 'read-only', 'switch'],
  'app-settings': ['preflight', 'read-only', 'deploy'],
  'storage-account': ['preflight', 'validate'],
  package: ['preflight', 'read-only', 'deploy'],
  image: ['preflight', 'read-only', 'deploy'],
  'same-build': ['preflight', 'validate'],
  'current-package': ['preflight', 'read-only'],
  'clone-service-objective': ['preflight', 'clone'],
  'clone-elastic-pool': ['preflight', 'clone'],
  'migrate-command': ['preflight', 'clone', 'switch', 'deploy'],
  'setup-command': ['preflight', 'read-only', 'switch', 'deploy'],
  'setup-env': ['preflight', 'read-only', 'switch', 'deploy'],
  'copy-command': ['preflight', 'clone', 'read-only', 'switch'],
  'copy-env': ['read-only'],
  'migrate-env': ['deploy'],
  'after-start-command': ['preflight', 'clone', 'switch', 'deploy'],
  'after-start-env': ['deploy'],
  'commands-sign-in': ['preflight', 'read-only', 'switch', 'deploy'],
  'migrate-timeout': ['preflight', 'read-only', 'switch', 'deploy'],
  'schema-version-query': PROVING,
  'health-path': ASKING,
  'warm-up-statuses': ['preflight', 'read-only', 'deploy', 'rollback'],
  'health-timeout': PROVING,
  'smoke-paths': ASKING,
  'review-paths': ['validate'],
  'read-only-probes': ['preflight', 'read-only', 'switch'],
  'write-probes': ['validate', 'complete'],
  'probe-headers': ASKING,
  'expected-version': ['validate'],
  'version-source': ['validate', 'status'],
  'max-read-only-minutes': ['preflight', 'validate', 'complete', 'status'],
  'on-window-exceeded': ['validate', 'complete', 'status'],
  'max-errors': ['switch', 'complete', 'rollback'],
  'rollback-scope': ['rollback'],
  'rollback-point': ['rollback'],
  'ignore-schema': ['rollback', 'validate'],
  'no-database-rollback': ['preflight', 'clone', 'switch', 'deploy'],
  'prepare-rollback': ['preflight', 'switch', 'deploy'],
  'keep-files': ['preflight', 'read-only', 'switch', 'deploy', 'cleanup'],
  'keep-live-build': ['cleanup'],
  'lost-writes-file': ['cleanup'],
  'drain-seconds': ['switch', 'deploy', 'rollback'],
  'soak-seconds': ['complete'],
  'swap-settle-seconds': SWAPPING,
  // status: after it a swap is one that nobody is at any more.
  'swap-timeout': [...SWAPPING, 'status'],
  'switch-timeout': ['switch'],
  'accept-unseen-copy': ['read-only', 'switch'],
  'allow-other-writers': ['preflight', 'switch', 'deploy', 'rollback'],
  // Beside those that do something with them: an input may have lines of one app, which must be known to be one.
  'other-apps': ['clone', ...ASKING],
};

/** Passed by no workflow, and why. */
const NEVER: Readonly<Record<string, string>> = {
  'dry-run': 'a workflow that moves nobody is input rehearsal',
  'override-validation': 'a person gives the reason when it is known what did not pass, and runs complete alone',
  'client-id': 'by the variable AZURE_CLIENT_ID, for all steps at once',
  'tenant-id': 'by the variable AZURE_TENANT_ID, for all steps at once',
  'subscription-id': 'by the variable AZURE_SUBSCRIPTION_ID, for all steps at once',
  'github-token': 'the token of the job is what is needed',
};

/** The last job tells how it ended. Whether visitors waited too long a watchdog asks, which may be told to bring them back. */
const WATCHING = {
  'max-read-only-minutes': 'whoever watches says how long is too long',
  'on-window-exceeded': 'nobody expects a report to move visitors',
};

/** Not passed by a job, or by a whole workflow, and why. */
const NOT_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'zero-downtime.yml': {
    'ignore-schema': 'whether the old build runs on the new schema is known afterwards: the rollback workflow asks',
    'rollback-point': 'the recorded one; another is given to the rollback workflow',
  },
  'zero-downtime.yml report': WATCHING,
  'zero-downtime-rollback.yml report': WATCHING,
  'zero-downtime.yml roll-back': {
    'expected-version': 'not asked of a candidate that is the live build',
    'write-probes': 'not asked of a candidate that is the live build',
    'keep-files': 'after a rollback production has the live build’s own disk again',
    'same-build': 'a rollback is meant to bring the build that production ran',
    'keep-live-build': 'after a rollback the live build is production',
    'max-read-only-minutes': 'what ends the window is never refused for its length',
    'on-window-exceeded': 'what ends the window is never refused for its length',
  },
  'zero-downtime-rollback.yml': {
    'comment-on-pull-request': 'a person begins it by hand, which is of no pull request',
    'expected-version': 'not asked of a candidate that is the live build',
    'write-probes': 'not asked of a candidate that is the live build',
    'keep-files': 'after a rollback production has the live build’s own disk again',
    'same-build': 'a rollback is meant to bring the build that production ran',
    'keep-live-build': 'after a rollback the live build is production',
    'max-read-only-minutes': 'what ends the window is never refused for its length',
    'on-window-exceeded': 'what ends the window is never refused for its length',
  },
};

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

const ROOT = resolve(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(resolve(ROOT, path), 'utf8');
const inputs = Object.keys(parse(textOf('action.yml')).inputs);

test('every input of the action has its phases, or a reason why no workflow passes it', () => {
  expect([...Object.keys(MEANS), ...Object.keys(NEVER)].sort()).toEqual([...inputs].sort());
});

describe.each(['zero-downtime.yml', 'zero-downtime-rollback.yml'])('%s', (file) => {
  const text = textOf(`.github/workflows/${file}`);
  const workflow = parse(text);
  const steps = Object.entries<{ steps?: readonly Step[] }>(workflow.jobs).flatMap(([job, { steps = [] }]) =>
    steps.filter(({ uses }) => uses?.startsWith('org/zdd-action@')).flatMap((step) => partsOf(job, step)),
  );

  test('every step passes each input that means something to its phase', () => {
    expect(steps.length).toBeGreaterThan(4);
    const missing = steps.flatMap(({ job, phase, passed }) =>
      inputs
        .filter((input) => MEANS[input]?.includes(phase) && !(input in passed))
        .filter((input) => !NOT_BY[file]?.[input] && !NOT_BY[`${file} ${job}`]?.[input])
        .map((input) => `${file}: the step ${phase} of job ${job} does not pass ${input}`),
    );
    expect(missing).toEqual([]);
  });

  /** A line of an app that the run does not know of is refused, in whatever phase. */
  test('a step that may pass lines of single apps says which apps there are', () => {
    const perApp = ['readonly-settings', 'clone-connection-settings', 'app-settings', 'health-path', 'smoke-paths'];
    const wrong = steps
      .filter(({ passed }) => perApp.some((input) => input in passed) && !('other-apps' in passed))
      .map(({ job, phase }) => `${file}: the step ${phase} of job ${job}`);
    expect(wrong).toEqual([]);
  });

  test('what a step passes is an input of the action', () => {
    const unknown = steps.flatMap(({ job, phase, passed }) =>
      Object.keys(passed)
        .filter((input) => !inputs.includes(input))
        .map((input) => `${file}: the step ${phase} of job ${job} passes ${input}, which the action does not know`),
    );
    expect(unknown).toEqual([]);
  });

  test('every input of the workflow is used, and every one that is used is declared', () => {
    const declared = Object.keys(workflow.on.workflow_call.inputs);
    const used = [...text.matchAll(/\binputs\.([a-z-]+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(declared.sort());
  });

  test('a reason is given only for what is not passed', () => {
    const excused = Object.entries(NOT_BY).filter(([where]) => where.split(' ')[0] === file);
    const needless = excused.flatMap(([where, reasons]) =>
      Object.keys(reasons).filter((input) =>
        steps
          .filter(({ job, phase }) => (where === file || where === `${file} ${job}`) && MEANS[input]?.includes(phase))
          .every(({ passed }) => input in passed),
      ),
    );
    expect(needless).toEqual([]);
  });
});

/** The phases of a step, each with what the step passes: named one by one, in a list, or by an expression that chooses one of several lists. */
function partsOf(job: string, { env, with: passed = {} }: Step): readonly Part[] {
  const named = String(env?.PHASE ?? passed.phase);
  const lists = named.startsWith('${{') ? [...named.matchAll(/'([^']+)'/g)].map(([, list = '']) => list) : [named];
  const phases = phaseNames.filter((each) => lists.some((list) => list.split(',').includes(each)));
  if (phases.length === 0) throw new Error(`There is no phase ${named}.`);
  return phases.map((phase) => ({ job, phase, passed }));
}

interface Part {
  readonly job: string;
  readonly phase: PhaseName;
  readonly passed: Readonly<Record<string, unknown>>;
}
