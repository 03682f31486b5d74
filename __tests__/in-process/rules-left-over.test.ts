import { expect, test } from '@jest/globals';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin, type Stage, type Trial } from './trial.ts';
import { partsOf } from './zoo.ts';

const WAY: readonly Stage[] = ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup'];
const BACK: readonly Stage[] = [
  ...WAY.slice(0, 4),
  ['rollback', { 'rollback-scope': 'code-and-database' }],
  ...WAY.slice(4),
];

/** Of other people, and of a deployment of ours that nobody here knows. */
const KEPT = ['office', 'zdd-office', 'zdd-20260101-aaaaa-7-1-0a1b2c3d'];

/** What Azure admits after its run is dead: no run can close it. */
function admit({ world }: Trial, ...names: readonly string[]): void {
  for (const name of names) {
    const address = { startIpAddress: '203.0.113.7', endIpAddress: '203.0.113.7', effectiveAt: 0 };
    partsOf(world).server.firewallRules[name] = { name, ...address };
  }
}

function rulesOf({ world }: Trial): readonly string[] {
  return Object.keys(partsOf(world).server.firewallRules).filter((name) => name !== 'allowallwindowsazureips');
}

function deploymentOf({ world }: Trial): string {
  return partsOf(world).production.occupant.settings.ZDD_INSTANCE?.split('/')[0] ?? '';
}

/** Another workflow run, a while later. */
function later({ world, clock }: Trial): Trial {
  return begin({}, { world, clock, runId: '2' });
}

async function warningsOfPreflight(trial: Trial): Promise<readonly (string | undefined)[]> {
  const { phases } = await trial.run('preflight');
  const checks = phases.flatMap(({ checks: each = [] }) => each);
  return checks.filter(({ name, verdict }) => name === 'firewall rules' && verdict === 'warning').map(({ fix }) => fix);
}

test.each<[string, readonly Stage[]]>([
  ['a deployment', WAY],
  ['a rollback', BACK],
])(
  'a rule that Azure admits after the cleanup of %s is told by status and preflight, and closed by the next clone',
  async (_name, way) => {
    const trial = begin();
    await trial.through(...way);
    const late = `zdd-${deploymentOf(trial)}-1-1-0a1b2c3d`;
    admit(trial, late, ...KEPT);
    const page = summaryOf(await trial.run('status'));
    const close = `az sql server firewall-rule delete --resource-group rg --server sql --name ${late}`;
    expect(page).toContain(`firewall rule \`${late}\` lets \`203.0.113.7\` in; no deployment that is open made it.`);
    expect(page).toContain(close);
    expect(page).not.toContain('office');
    expect(await warningsOfPreflight(later(trial))).toEqual([close, close.replace(late, KEPT[2] ?? '')]);
    expect(rulesOf(trial)).toContain(late);
    await later(trial).through('clone');
    expect(rulesOf(trial)).toEqual(KEPT);
  },
);

test('so does the next cleanup, of whichever run', async () => {
  const trial = begin();
  await trial.through(...WAY);
  admit(trial, `zdd-${deploymentOf(trial)}-1-1-0a1b2c3d`, ...KEPT);
  const { failure } = await later(trial).run('cleanup', { 'deployment-id': 'open' });
  expect(failure).toBeUndefined();
  expect(rulesOf(trial)).toEqual(KEPT);
});

test('a rule of a deployment that is open is told by nobody and stays open, also where another app is before its clone', async () => {
  const trial = begin();
  await trial.through(...WAY);
  const before = deploymentOf(trial);
  const next = later(trial);
  await next.through('clone');
  const [id] = Object.keys(partsOf(trial.world).server.databases).flatMap((name) => name.split('-zdd-')[1] ?? []);
  admit(trial, `zdd-${id}-2-1-0a1b2c3d`);
  expect(id).not.toBe(before);
  expect(summaryOf(await next.run('status'))).not.toContain('0a1b2c3d');
  expect(await warningsOfPreflight(next)).toEqual([]);
  await next.through('clone');
  expect(rulesOf(trial)).toEqual([`zdd-${id}-2-1-0a1b2c3d`]);
});

test('with a copy of the deployment still there, nothing proves that it is over: its rule is told, and left alone', async () => {
  const trial = begin();
  await trial.through(...WAY);
  const late = `zdd-${deploymentOf(trial)}-1-1-0a1b2c3d`;
  admit(trial, late);
  const { databases } = partsOf(trial.world).server;
  const shop = databases.shop;
  if (!shop) throw new Error('There is no database.');
  const name = `shop-zdd-${deploymentOf(trial)}`;
  databases[name] = { ...structuredClone(shop), name, tags: {} };
  expect(summaryOf(await trial.run('status'))).toContain(late);
  await later(trial).run('clone');
  expect(rulesOf(trial)).toEqual([late]);
});

test('who may not look for rules, or opens none, is not kept from cloning', async () => {
  const trial = begin();
  await trial.through(...WAY);
  const late = `zdd-${deploymentOf(trial)}-1-1-0a1b2c3d`;
  admit(trial, late);
  await later(trial).through(['clone', { 'open-firewall': 'false' }]);
  expect(rulesOf(trial)).toEqual([late]);
  for (const { roles } of Object.values(trial.world.principals))
    for (const role of roles) role.notActions.push('Microsoft.Sql/servers/firewallRules/*');
  const { failure, headline } = await later(trial).run('status');
  expect([failure, headline]).toEqual([undefined, expect.stringContaining('Nobody has to act')]);
  await later(trial).through('clone');
});
