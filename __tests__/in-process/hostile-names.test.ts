import { expect, test } from '@jest/globals';
import { readCommand } from '../../simulator/github/workflow-commands.ts';
import { workflowLog } from '../../src/system/log.ts';
import { begin, type Inputs, type Trial } from './trial.ts';
import { writtenDuring } from './written.ts';
import { partsOf } from './zoo.ts';

/** What a name may hold where Azure does not forbid it; `refuseUnfit` holds the law over all that each run publishes. */
const NAME = '::set-output name=x::y ##[stop-commands]q <img src=x> `|$(id)\u202e';
/** Azure forbids <>*%&:\/? in names of databases: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const DATABASE = '##[error]x `|]$(id)';

/** Everything that has a name and is not ours. */
const NAMED: Readonly<Record<string, (trial: Trial) => void>> = {
  'an app setting and its value': ({ world }) => {
    const { settings } = partsOf(world).production.occupant;
    Object.assign(settings, { [NAME]: NAME, [`${NAME}2`]: `Server=tcp:${NAME};Database=${NAME}` });
  },
  'a connection string': ({ world }) => {
    const { connectionStrings } = partsOf(world).production.occupant;
    connectionStrings[NAME] = { value: `Server=tcp:${NAME};Database=${NAME}`, type: 'Custom' };
  },
  'a setting that stays with its slot': ({ world }) => {
    const { site, production } = partsOf(world);
    site.slotConfigNames.appSettingNames.push(NAME);
    production.occupant.settings[NAME] = 'sticky';
  },
  'a mount': ({ world }) => {
    partsOf(world).production.occupant.storageMounts[NAME] = { type: 'AzureFiles', accountName: NAME, mountPath: NAME };
  },
  'a tag of the database': (trial) => {
    for (const { tags } of databases(trial)) tags[NAME] = NAME;
  },
  'a lock': ({ world }) => {
    const scope = `/subscriptions/${world.subscriptionId}/resourceGroups/rg`;
    world.locks = [{ name: NAME, level: 'CanNotDelete', scope }];
  },
  'a host name': ({ world }) => {
    partsOf(world).production.customHosts.push(NAME);
  },
  'a user of the database': (trial) => {
    for (const { users } of databases(trial)) users.push({ name: NAME, roles: ['db_owner'], permissions: [] });
  },
  'a firewall rule': ({ world }) => {
    const address = { startIpAddress: NAME, endIpAddress: NAME };
    partsOf(world).server.firewallRules[NAME] = { name: NAME, ...address, effectiveAt: 0 };
  },
};

const PHASES: readonly (readonly [string, Inputs])[] = [
  ...['preflight', 'status', 'clone', 'read-only', 'switch', 'deploy', 'validate', 'complete'].map(
    (phase) => [phase, {}] as const,
  ),
  ['rollback', { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' }],
  ...['validate', 'complete', 'cleanup', 'status'].map((phase) => [phase, {}] as const),
];

test.each(Object.entries(NAMED))('whatever the name of %s, it is a name', async (_what, name) => {
  const { out } = await writtenDuring(async () => {
    const trial = begin({}, { log: workflowLog(), environment: HOSTILE_RUN });
    name(trial);
    for (const [phase, inputs] of PHASES) await trial.run(phase, inputs);
  });
  refuseCommands(out);
});

test('whatever the name of a database, it is a name, and a deployment works with it', async () => {
  const { out, result } = await writtenDuring(async () => {
    const trial = begin({ databases: [DATABASE, 'shop'] }, { log: workflowLog(), environment: HOSTILE_RUN });
    const failed: string[] = [];
    for (const [phase, inputs] of PHASES) {
      const { failure } = await trial.run(phase, inputs);
      if (failure) failed.push(`${phase}: ${failure.happened}`);
    }
    return failed;
  });
  refuseCommands(out);
  expect(result).toEqual([]);
});

/** GitHub lets nobody be called so; another runner of workflows may. */
const HOSTILE_RUN = { GITHUB_ACTOR: NAME, GITHUB_TRIGGERING_ACTOR: NAME, GITHUB_RUN_ID: '1' };

function refuseCommands(out: string): void {
  const obeyed = out.split(/\r\n|\r|\n/).flatMap((line) => readCommand(line)?.name ?? []);
  const ours = ['add-mask', 'debug', 'endgroup', 'group', 'warning'];
  expect([...new Set(obeyed)].filter((name) => !ours.includes(name))).toEqual([]);
  // A line that is a command already is not searched for another one.
  const others = out.split(/\r\n|\r|\n/).filter((line) => !line.startsWith('::add-mask::'));
  expect(others.filter((line) => line.includes('##['))).toEqual([]);
}

function databases({ world }: Trial) {
  return Object.values(partsOf(world).server.databases);
}
