import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runInProcess } from '../../simulator/in-process/run-in-process.ts';
import { signsInByIdentity } from '../../simulator/in-process/signs-in-by-identity.ts';
import { type VirtualClock, virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { buildFiles } from '../../simulator/model/app/build.ts';
import { createWorld, EPOCH } from '../../simulator/model/create-world.ts';
import { pack } from '../../simulator/model/web/content.ts';
import type { World } from '../../simulator/model/world.ts';
import { INPUT_PERMISSIONS, PERMISSIONS } from '../../src/preflight/permissions-needed.ts';
import { type PhaseName, phaseNames } from '../../src/settings/phases.ts';
import type { RunReport } from '../../src/summary/summary.ts';
import { type Parts, partsOf } from '../in-process/zoo.ts';
import { onPlan } from '../teams/team.ts';

/** A role with one action too few: the phase fails with its name. `role.test.ts` shows that no other is needed. */
const directory = mkdtempSync(join(tmpdir(), 'zdd-least-'));
afterAll(() => rmSync(directory, { recursive: true }));
const NEW_BUILD = join(directory, 'new.zip');
writeFileSync(NEW_BUILD, pack(buildFiles({ name: 'shop', version: '2.0.0', schema: '2', migratesOnStart: true })));

const WALK: readonly (readonly [PhaseName, Readonly<Record<string, string>>])[] = [
  ['preflight', {}],
  ['clone', {}],
  ['read-only', {}],
  ['switch', {}],
  ['deploy', {}],
  ['rollback', { 'rollback-scope': 'code-and-database' }],
  ['validate', {}],
  ['complete', {}],
  ['cleanup', {}],
];

/** Not missed by an undisturbed deployment of an app of files, and why it is needed nevertheless. */
const QUIET: Readonly<Record<string, string>> = {
  'clone Microsoft.Web/sites/slots/config/read': 'slots are there when an earlier deployment left them',
  'clone Microsoft.Web/sites/slots/config/list/action': 'the same',
  'clone Microsoft.Sql/servers/databases/operations/read': 'to tell whose copy a database is, when an answer was lost',
  'rollback Microsoft.Sql/servers/databases/operations/read': 'the same, of a restore',
  'clone Microsoft.Sql/servers/databases/delete': 'to withdraw a claim that came second',
  'read-only Microsoft.Web/serverfarms/join/action': 'Azure checks it; the model does not',
  'deploy Microsoft.Web/serverfarms/join/action': 'the same',
  'deploy Microsoft.Web/sites/slots/write': 'the slot of the new build, when somebody deleted it',
  'switch Microsoft.Web/sites/publish/action': 'files that the app writes, with keep-files',
  'deploy Microsoft.Web/sites/publish/action': 'the same',
  'cleanup Microsoft.Web/sites/publish/action': 'the same',
  'deploy Microsoft.Web/sites/slots/publish/action': 'the new build is there already: read-only uploaded it',
  'switch Microsoft.Web/sites/slots/config/write': 'to learn how a swap ended whose answer was lost',
  'complete Microsoft.Web/sites/slots/config/write': 'the same',
  'switch Microsoft.Web/sites/slots/start/action': 'to send visitors back to the live build',
  'complete Microsoft.Web/sites/slots/start/action': 'the same, to the read-only copy',
  'cleanup Microsoft.Web/sites/slots/start/action': 'to empty a slot whose SCM site stopped with it',
  'cleanup Microsoft.Web/sites/slots/stop/action': 'a slot that somebody started',
  'deploy Microsoft.Web/sites/slots/stop/action': 'a slot that runs already',
  'rollback Microsoft.Web/sites/slots/publish/action': 'WebJobs of the new build',
  'complete Microsoft.Web/sites/slots/publish/action': 'WebJobs of the copy',
  'switch Microsoft.Web/sites/slotsswap/action': 'Azure may check it; the model does not',
  'complete Microsoft.Web/sites/slotsswap/action': 'the same',
  'switch Microsoft.Web/sites/operationresults/read': 'the same',
  'complete Microsoft.Web/sites/operationresults/read': 'the same',
  'rollback Microsoft.Web/sites/slots/slotsswap/action': 'when visitors are on the new build already',
  'rollback Microsoft.Web/sites/slotsswap/action': 'the same',
  'rollback Microsoft.Web/sites/slots/operationresults/read': 'the same',
  'rollback Microsoft.Web/sites/operationresults/read': 'the same',
  'rollback Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read': 'only warned of',
  'rollback Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/write': 'only warned of',
  'rollback Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/read': 'only warned of',
  'rollback Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/write': 'only warned of',
  'preflight Microsoft.Storage/storageAccounts/read': 'with input storage-account',
  'preflight Microsoft.Storage/storageAccounts/blobServices/read': 'the same',
};
/** A rule may be there already, and one that cannot be closed is left to the post step, and to cleanup, with a warning. */
const FIREWALL = /firewallRules\/(read|delete)$/;

test('whatever is taken from the role of a phase, the phase fails with its name', async () => {
  const world = createWorld({ build: { name: 'shop', version: '1.0.0', schema: '1' } });
  const clock = virtualClock(EPOCH + 60_000);
  const quiet: string[] = [];
  const unnamed: string[] = [];
  for (const [phase, more] of WALK) {
    const actions = actionsOf(phase);
    const before = structuredClone(world);
    const now = clock.now();
    for (const missing of actions.filter((action) => isTriedIn(phase, action))) {
      const copy = structuredClone(before);
      allow(copy, without(actions, missing));
      const report = await run(copy, virtualClock(now), phase, more);
      if (!isRed(report, missing)) quiet.push(`${phase} ${missing}`);
      else if (!isNamed(report, missing)) unnamed.push(`${phase} ${missing}`);
    }
    allow(world, actions);
    const { failure } = await run(world, clock, phase, more);
    if (phase !== 'preflight') expect([phase, failure]).toEqual([phase, undefined]);
  }
  expect(unnamed).toEqual([]);
  expect(quiet.filter((each) => !FIREWALL.test(each)).sort()).toEqual(Object.keys(QUIET).sort());
}, 120_000);

/** What needs it: a Basic plan, a slot setting that must travel, slots that sign in as themselves and are not there. */
const WITH_INPUTS: readonly (readonly [readonly string[], (parts: Parts) => void, Readonly<Record<string, string>>])[] =
  [
    [
      ['plan-sku', 'release-slot-settings'],
      (parts) => {
        onPlan(parts, 'B1', 'Basic');
        parts.site.slotConfigNames.connectionStringNames = ['DefaultConnection'];
      },
      { 'plan-sku': 'S1', 'release-slot-settings': 'DefaultConnection' },
    ],
    [['slot-users'], signsInAlone, { 'slot-users': 'true' }],
    [
      ['plan-sku with slot-users'],
      (parts) => {
        onPlan(parts, 'B1', 'Basic');
        signsInAlone(parts);
      },
      { 'plan-sku': 'S1', 'slot-users': 'true' },
    ],
  ];

/** Azure checks it; the model does not. */
const JOINING = 'Microsoft.Web/serverfarms/join/action';

test.each(WITH_INPUTS)(
  'what only %s needs is missed by preflight and by its phases, with its name, and by no other',
  async (inputs, arrange, given) => {
    const world = createWorld({ build: { name: 'shop', version: '1.0.0', schema: '1' } });
    arrange(partsOf(world));
    const clock = virtualClock(EPOCH + 60_000);
    const missed: string[] = [];
    const more = INPUT_PERMISSIONS.filter(({ input }) => input.split(' with ').every((name) => name in given));
    for (const [phase, about] of WALK) {
      const all = more.filter(({ phases }) => phase === 'preflight' || phases.includes(phase));
      const actions = [...actionsOf(phase), ...all.map(({ action }) => action)];
      const before = structuredClone(world);
      const now = clock.now();
      for (const { action, input } of all.filter((each) => inputs.includes(each.input) && each.action !== JOINING)) {
        const copy = structuredClone(before);
        allow(copy, without(actions, action));
        const report = await run(copy, virtualClock(now), phase, { ...given, ...about });
        if (isRed(report, action) && isNamed(report, action)) missed.push(`${input}: ${phase} ${action}`);
      }
      allow(world, actions);
      const { failure } = await run(world, clock, phase, { ...given, ...about });
      if (phase !== 'preflight') expect([phase, failure]).toEqual([phase, undefined]);
    }
    const expected = more
      .filter(({ action, input }) => inputs.includes(input) && action !== JOINING)
      .flatMap(({ action, input, phases }) => ['preflight', ...phases].map((phase) => `${input}: ${phase} ${action}`));
    expect(missed.sort()).toEqual(expected.sort());
  },
  60_000,
);

test('every input with a permission of its own is among them', () => {
  expect(new Set(WITH_INPUTS.flatMap(([inputs]) => inputs))).toEqual(
    new Set(INPUT_PERMISSIONS.map(({ input }) => input)),
  );
});

function signsInAlone({ world, site, server }: Parts): void {
  signsInByIdentity(world, site, server, EPOCH, true);
}

function actionsOf(phase: PhaseName): readonly string[] {
  const needed = PERMISSIONS.filter(({ phases, optional }) => phases.includes(phase) && !optional);
  return [...new Set(needed.map(({ action }) => action))];
}

/** What every phase reads is taken from two of them. */
function isTriedIn(phase: PhaseName, action: string): boolean {
  const isCommon = PERMISSIONS.some((each) => each.action === action && each.phases.length === phaseNames.length);
  return !isCommon || phase === 'clone' || phase === 'switch';
}

function without(actions: readonly string[], missing: string): readonly string[] {
  return actions.filter((action) => action !== missing);
}

/** preflight looks for the permissions of all phases, so its role is never enough: what it names counts. */
function isRed(report: RunReport, action: string): boolean {
  return report.phases[0]?.phase === 'preflight' ? isNamed(report, action) : report.failure !== undefined;
}

function isNamed({ failure, phases }: RunReport, action: string): boolean {
  return JSON.stringify([failure, phases.map(({ checks }) => checks)]).includes(action);
}

async function run(world: World, clock: VirtualClock, phase: PhaseName, more: Readonly<Record<string, string>>) {
  const [deployer] = Object.values(world.principals);
  const inputs = {
    phase,
    'resource-group': 'rg',
    'app-name': 'web',
    'subscription-id': world.subscriptionId,
    'health-path': '/health',
    'soak-seconds': '30',
    package: NEW_BUILD,
    ...more,
  };
  return runInProcess({ world, clock, clientId: deployer?.clientId ?? '', inputs });
}

function allow(world: World, actions: readonly string[]): void {
  const scope = `/subscriptions/${world.subscriptionId}/resourceGroups/rg`;
  for (const principal of Object.values(world.principals))
    principal.roles = [{ scope, actions: [...actions], notActions: [] }];
}
