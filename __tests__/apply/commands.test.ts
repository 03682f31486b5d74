import { expect, test } from '@jest/globals';
import { applyCommand } from '../../src/apply/commands.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import type { StepOf } from '../../src/steps/steps.ts';
import { CLONE, connectionTo, ID, slot } from '../phases/observed.ts';
import { stage } from './scene.ts';
import { recordOf } from './sketch.ts';

const because = 'the new build needs it';
const STAGING = 'zdd-staging';
const SET_UP = { kind: 'set-up', command: 'make ready', because } as const;
const TELL_COPY = { kind: 'tell-copy', command: 'tell it', because } as const;
const MIGRATE = { kind: 'migrate', command: 'migrate up', attempt: 2, because } as const;
const AFTER_START = { kind: 'after-start', slot: STAGING, command: 'index', attempt: 2, because } as const;

interface Given {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly record?: Partial<DeploymentRecord>;
  readonly exitCode?: number;
  readonly hasLease?: boolean;
}

/** What became of the step, and in which order it went: masks, the lease, the command, the record. */
async function ran(
  step: StepOf<'set-up' | 'tell-copy' | 'migrate' | 'after-start'>,
  { inputs = {}, record = {}, exitCode = 0, hasLease = true }: Given = {},
) {
  const there = await stage(inputs);
  const clone = there.add(CLONE);
  const did: string[] = [];
  let given: Readonly<Record<string, string>> = {};
  const seen: Partial<Observed> = {
    record: recordOf({ attempt: 2, ...record }),
    stagingSlot: slot(STAGING),
    ours: [],
  };
  const { context, ...scene } = there.scene(seen);
  const ports = {
    ...context.ports,
    log: { ...context.ports.log, secret: (value: string) => void did.push(`mask ${value}`) },
    async run(command: string, environment: Readonly<Record<string, string>>) {
      did.push(command);
      given = environment;
      return { exitCode };
    },
  };
  const lease = {
    ...context.lease,
    async prove() {
      did.push('lease');
      if (!hasLease) throw new Error('the lease is gone');
    },
  };
  const change = await applyCommand({ ...scene, context: { ...context, ports, lease } }, step).catch((error) => error);
  return { change, did, given, tags: clone.tags };
}

const commanded = (name: string, env = 'TOOL=1') => ({ [`${name}-command`]: 'x', [`${name}-env`]: env });

const PASSWORD = 'Hidden-1';
const [TO_ORIGINAL, TO_CLONE] = [connectionTo('shop'), connectionTo(CLONE)].map(
  (strings) => Object.values(strings)[0]?.value ?? '',
);

test('setup-command runs with what is its own, and knows of no database', async () => {
  const { change, did, given } = await ran(SET_UP, {
    inputs: { ...commanded('setup'), ...commanded('migrate', 'OTHER=1') },
  });
  expect(change).toEqual({ done: [{ kind: 'set-up', subject: '' }] });
  expect([did, given]).toEqual([['make ready'], { TOOL: '1' }]);
});

test('copy-command is told where the copy will find its database, and what is secret of that is masked first', async () => {
  const { change, did, given } = await ran(TELL_COPY, { inputs: commanded('copy') });
  expect(change).toEqual({ done: [{ kind: 'tell-copy', subject: '' }] });
  expect(given).toMatchObject({
    TOOL: '1',
    ZDD_DATABASE: 'shop',
    ZDD_CLONE_DATABASE: CLONE,
    ZDD_CLONE_CONNECTION_STRING_DB_SHOP: TO_CLONE,
  });
  expect(did).toEqual([`mask ${TO_CLONE}`, `mask ${PASSWORD}`, 'lease', 'tell it']);
});

test.each([
  ['migrate', MIGRATE, 'zdd-migrated', {}],
  ['after-start', AFTER_START, 'zdd-after-start', { ZDD_CANDIDATE_URL: 'https://shop-zdd-staging.azurewebsites.net' }],
] as const)('%s runs on the originals with the lease in hand, once an attempt', async (_, step, tag, more) => {
  const { change, did, given, tags } = await ran(step, { inputs: commanded(step.kind) });
  // What it does is known from the record, which the next look reads.
  expect(change).toEqual({});
  expect(tags[tag]).toBe('2');
  expect(did).toEqual([`mask ${TO_ORIGINAL}`, `mask ${PASSWORD}`, 'lease', step.command]);
  expect(given).toMatchObject({
    TOOL: '1',
    ZDD_DEPLOYMENT_ID: ID,
    ZDD_DATABASE: 'shop',
    ZDD_CONNECTION_STRING_DB_SHOP: TO_ORIGINAL,
    ...more,
  });
  expect(given.ZDD_SQL_ACCESS_TOKEN).toMatch(/./);
  const withPassword = { inputs: { 'sql-access': 'User ID=deployer;Password=Hidden-2' } };
  expect((await ran(step, withPassword)).given).not.toHaveProperty('ZDD_SQL_ACCESS_TOKEN');
});

test.each([TELL_COPY, MIGRATE, AFTER_START])('without the lease $kind is not begun', async (step) => {
  const { change, did, tags } = await ran(step, { hasLease: false });
  expect(change).toMatchObject({ message: 'the lease is gone' });
  expect([did.includes(step.command), tags]).toEqual([false, {}]);
});

const HALF_WAY = 'The original databases may be half-way updated; nobody is on them.';
const RESTORE = ', or run "rollback" with rollback-scope: code-and-database.';

test.each([
  ['setup-command', SET_UP, 'Nothing of the new build was begun by this run.', 'run "deploy" again.'],
  [
    'copy-command',
    TELL_COPY,
    'The read-only copy was not started, and visitors notice nothing.',
    'run "read-only" again.',
  ],
  ['migrate-command', MIGRATE, HALF_WAY, `run "deploy" again${RESTORE}`],
  ['after-start-command', AFTER_START, HALF_WAY, `run "deploy" again${RESTORE}`],
] as const)('where %s fails, it is said what that leaves, and it is run again', async (input, step, left, next) => {
  const { change, tags } = await ran(step, { exitCode: 3 });
  expect(change).toMatchObject({
    kind: 'failed',
    happened: `${input} ended with exit code 3. ${left}`,
    next: `Fix the command or the build and ${next}`,
  });
  expect(tags).toEqual({});
});

test('a deployment that never restores names no way back but by hand', async () => {
  const rollbackPoint = '2026-01-31T14:00:00.0000000Z';
  const { change } = await ran(MIGRATE, { exitCode: 1, record: { noDatabaseRollback: 'yes', rollbackPoint } });
  expect(change.next).not.toContain('rollback-scope');
  expect(change.next).toMatch(
    /There is no way back .*\(no-database-rollback\)\. By hand: az sql db restore .*14:00:00/,
  );
});
