import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { deployer, observer, preparer, type Role } from '../../scripts/roles.ts';
import { runInProcess } from '../../simulator/in-process/run-in-process.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { buildFiles } from '../../simulator/model/app/build.ts';
import { createWorld, EPOCH } from '../../simulator/model/create-world.ts';
import { pack } from '../../simulator/model/web/content.ts';

/** Where only a second identity may swap, Azure itself keeps the first one from it: docs/security.md. */
const directory = mkdtempSync(join(tmpdir(), 'zdd-gate-'));
afterAll(() => rmSync(directory, { recursive: true }));
const LIVE = { name: 'shop', version: '1.0.0', schema: '1' };
const files = {
  package: packed('new.zip', { name: 'shop', version: '2.0.0', schema: '2', migratesOnStart: true }),
  'current-package': packed('live.zip', LIVE),
};

function packed(name: string, build: Parameters<typeof buildFiles>[0]): string {
  const path = join(directory, name);
  writeFileSync(path, pack(buildFiles(build)));
  return path;
}

const SWAPPER = '99999999-9999-4999-8999-999999999999';

function open() {
  const world = createWorld({ build: LIVE });
  const clock = virtualClock(EPOCH + 60_000);
  const [first] = Object.values(world.principals);
  if (first === undefined) throw new Error('There is a deployer.');
  const scope = `/subscriptions/${world.subscriptionId}/resourceGroups/rg`;
  const of = ({ Actions, NotActions = [] }: Role) => [{ scope, actions: [...Actions], notActions: [...NotActions] }];
  first.roles = of(preparer);
  const user = { name: 'swapper', clientId: SWAPPER, roles: ['db_owner'], permissions: [] };
  for (const { users } of Object.values(world.sql.servers.sql?.databases ?? {})) users.push(structuredClone(user));
  world.principals[SWAPPER] = { ...structuredClone(first), clientId: SWAPPER, roles: of(deployer) };
  const run = (clientId: string, phase: string, more: Readonly<Record<string, string>> = {}) =>
    runInProcess({
      world,
      clock,
      clientId,
      inputs: {
        phase,
        'resource-group': 'rg',
        'app-name': 'web',
        'subscription-id': world.subscriptionId,
        'client-id': clientId,
        'health-path': '/health',
        'soak-seconds': '30',
        ...(phase === 'preflight' ? { 'swap-client-id': SWAPPER } : {}),
        ...files,
        ...more,
      },
    });
  return { world, first, of, run };
}

test('a deployment whose swaps another identity does is green', async () => {
  const { first, run } = open();
  for (const phase of ['preflight', 'clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup']) {
    const who = phase === 'switch' || phase === 'complete' ? SWAPPER : first.clientId;
    const { failure, phases } = await run(who, phase);
    expect([phase, failure?.happened]).toEqual([phase, undefined]);
    if (phase !== 'preflight') continue;
    expect(phases[0]?.checks).toContainEqual({
      name: 'only another identity swaps',
      verdict: 'passed',
      found: `This one cannot: ${SWAPPER} does.`,
    });
  }
});

test('the identity that prepares cannot move visitors, and Azure names what it lacks', async () => {
  const { first, run, world } = open();
  for (const phase of ['clone', 'read-only']) await run(first.clientId, phase);
  expect((await run(first.clientId, 'switch')).failure?.azure?.message).toContain('sites/slots/slotsswap/action');
  await run(SWAPPER, 'switch');
  const copy = world.web.sites.web?.slots.production?.occupant;
  for (const phase of ['deploy', 'validate']) await run(first.clientId, phase);
  expect((await run(first.clientId, 'complete')).failure?.azure?.message).toContain('sites/slots/slotsswap/action');
  expect(world.web.sites.web?.slots.production?.occupant).toBe(copy);
});

test('preflight fails when the identity could pass by the approval after all', async () => {
  const { first, of, run } = open();
  first.roles = of(deployer);
  const { phases } = await run(first.clientId, 'preflight');
  expect(phases[0]?.checks).toContainEqual({
    name: 'only another identity swaps',
    verdict: 'failed',
    found: expect.stringMatching(/slotsswap\/action, .*publish\/action/),
    fix: expect.stringContaining('az role assignment list --assignee'),
  });
});

test('without what the role of its own gives, preflight names that role', async () => {
  const { first, run } = open();
  first.roles = [];
  const { phases } = await run(first.clientId, 'preflight');
  const fixes = phases[0]?.checks?.flatMap(({ fix }) => fix ?? []) ?? [];
  expect(fixes.some((fix) => fix.includes("--role 'Zero-downtime preparer'"))).toBe(true);
  expect(fixes.some((fix) => fix.includes("--role 'Zero-downtime deployer'"))).toBe(false);
});

test('the role for looking is enough for status and every dry run', async () => {
  const { first, of, run, world } = open();
  first.roles = of(observer);
  for (const phase of ['status', 'clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup']) {
    const before = world.sql.servers.sql && Object.keys(world.sql.servers.sql.databases);
    const { failure } = await run(first.clientId, phase, phase === 'status' ? {} : { 'dry-run': 'true' });
    expect([phase, failure?.azure?.message]).toEqual([phase, undefined]);
    expect(world.sql.servers.sql && Object.keys(world.sql.servers.sql.databases)).toEqual(before);
  }
});
