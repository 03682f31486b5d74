import { describe, expect, test } from '@jest/globals';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { beginDeployment } from '../../simulator/model/web/scm/deployment.ts';
import type { Trial } from '../in-process/trial.ts';
import { production } from '../in-process/trial.ts';
import { deploy, open, type Parts, packageOf, partsOf, type Zoo } from '../in-process/zoo.ts';
import { connectionTo } from '../teams/team.ts';

/** `staging` is the team's: it swaps by itself, and a slot setting keeps it on a database of its own. */
function teamsSlot({ world, site }: Parts): void {
  const staging = addSlot(world, site, 'staging', EPOCH);
  staging.fixedConfig = { autoSwapSlotName: 'production' };
  staging.occupant.connectionStrings.DefaultConnection = { value: connectionTo('shop-staging'), type: 'SQLAzure' };
  site.slotConfigNames = {
    connectionStringNames: ['DefaultConnection'],
    appSettingNames: ['COLOUR'],
    azureStorageConfigNames: ['share'],
  };
}
const inputs = { 'pause-auto-swap': 'staging', 'release-slot-settings': 'DefaultConnection' };
const zoo: Zoo = { arrange: teamsSlot, inputs };

/** Whether it swaps by itself, and which names stay. */
function held({ world }: Pick<Trial, 'world'>): string {
  const { site } = partsOf(world);
  const { connectionStringNames, appSettingNames, azureStorageConfigNames } = site.slotConfigNames;
  const target = site.slots.staging?.fixedConfig.autoSwapSlotName || 'nowhere';
  return `${target}: ${[...connectionStringNames, ...appSettingNames, ...azureStorageConfigNames].join()}`;
}

const BEFORE = 'production: DefaultConnection,COLOUR,share';
const MEANWHILE = 'nowhere: COLOUR,share';

test('both are off from read-only to cleanup, and then as they were', async () => {
  const seen: string[] = [];
  const look = (_parts: Parts, trial: Trial) => void seen.push(held(trial));
  const { ended, visitors, said, trial } = await deploy({
    ...zoo,
    before: { 'read-only': look, switch: look, deploy: look, complete: look, cleanup: look },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(seen).toEqual([BEFORE, MEANWHILE, MEANWHILE, MEANWHILE, MEANWHILE]);
  expect(held(trial)).toBe(BEFORE);
  expect(said).toMatch(
    /auto-swap of staging is off, and DefaultConnection is no slot setting: swap no slot of your own/,
  );
});

test('an upload to such a slot meanwhile waits: it moves no visitor', async () => {
  const upload = ({ world, site }: Parts, trial: Trial) => {
    const { staging } = site.slots;
    if (!staging) throw new Error('There is no staging.');
    const now = trial.clock.now();
    const about = { temporaryId: 't', deployer: 'ci', message: '', receivedAt: now, restart: true, outcome: undefined };
    beginDeployment(world, staging, { id: 'd', ...about, endsAt: now + 1000, contentId: staging.occupant.contentId });
  };
  const { ended, visitors } = await deploy({ ...zoo, before: { deploy: upload } });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

describe.each([
  ['a rehearsal', []],
  [
    'a rollback',
    [['switch'], ['deploy'], ['rollback', { 'rollback-scope': 'code-and-database' }], ['validate'], ['complete']],
  ],
] as const)('%s', (_, phases) => {
  test('ends as it began', async () => {
    const trial = open(zoo);
    const all = { package: packageOf(zoo), ...inputs };
    await trial.through(['clone', all], ['read-only', all]);
    for (const [phase, more] of phases) await trial.through([phase, { ...all, ...more }]);
    expect(held(trial)).toBe(MEANWHILE);
    await trial.through(['cleanup', all]);
    expect([held(trial), production(trial).version]).toEqual([BEFORE, '1']);
  });
});

test('a cleanup that is not told what to put back says what it needs, and a tag alone puts nothing on', async () => {
  const trial = open(zoo);
  const all = { package: packageOf(zoo), ...inputs };
  await trial.through(['clone', all], ['read-only', all]);
  const { failure } = await trial.run('cleanup', { package: all.package });
  expect(failure?.next).toContain(
    'Run "cleanup" with pause-auto-swap: staging and release-slot-settings: DefaultConnection',
  );
  expect(held(trial)).toBe(MEANWHILE);
  await trial.through(['cleanup', all]);
  expect(held(trial)).toBe(BEFORE);
});

test('somebody turns it on again before visitors move: switch refuses, and read-only puts it off', async () => {
  const trial = open(zoo);
  const all = { package: packageOf(zoo), ...inputs };
  await trial.through(['clone', all], ['read-only', all]);
  teamsSlotOn(trial);
  const { failure } = await trial.run('switch', all);
  expect(failure?.happened).toMatch(/is on again: pause-auto-swap: staging/);
  await trial.through(['read-only', all], ['switch', all]);
  expect(production(trial).version).toBe('1');
});

function teamsSlotOn({ world }: Trial): void {
  const { staging } = partsOf(world).site.slots;
  if (staging) staging.fixedConfig = { autoSwapSlotName: 'production' };
}

test('who swaps with another identity cannot release slot settings', async () => {
  const trial = open(zoo);
  const swapper = { 'swap-client-id': '22222222-2222-4222-8222-222222222222' };
  await expect(trial.run('preflight', { ...inputs, ...swapper })).rejects.toThrow(
    /release-slot-settings and swap-client-id/,
  );
});
