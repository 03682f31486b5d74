import { describe, expect, test } from '@jest/globals';
import { messageOf } from '../../src/errors.ts';
import { type Inputs, production } from '../in-process/trial.ts';
import { deploy, open, packageOf, type Zoo } from '../in-process/zoo.ts';
import { teams } from './all.ts';
import type { Team } from './team.ts';

describe.each(teams.map((team) => [`${team.nr} ${team.name}`, team] as const))('%s', (_, team) => {
  const { changes = [], refused } = team;

  if (refused) {
    test('is refused before anything is changed, with the reason', async () => {
      expect(await endOf(zooOf(team))).toMatch(refused.says);
    });
    return;
  }

  for (const { what, says, before } of changes)
    test(`is told to change: ${what}`, async () => {
      const earlier = changes.slice(
        0,
        changes.findIndex((each) => each.what === what),
      );
      expect(await endOf(zooOf(team, earlier, before))).toMatch(says);
    });

  test('is deployed to the end', async () => {
    const { ended, visitors } = await deploy(zooOf(team, changes));
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  });

  test('goes back', async () => {
    expect(await backOf(team)).toEqual({ version: '1', reads: 200, writes: 201 });
  });
});

/** Its world with what was changed since, and what it writes. */
function zooOf({ world, writes }: Team, changes: Team['changes'] = [], before?: Team['world']): Zoo {
  const own = before ?? world;
  return {
    ...own,
    inputs: writes,
    arrange(parts) {
      own.arrange?.(parts);
      for (const { make } of changes) make?.(parts);
    },
  };
}

/** How a deployment ends, also when its inputs are refused. */
async function endOf(zoo: Zoo): Promise<string> {
  try {
    return (await deploy(zoo)).ended;
  } catch (error) {
    return messageOf(error);
  }
}

/** What visitors get after the new build was deployed and taken back. */
async function backOf(team: Team) {
  const zoo = zooOf(team, team.changes);
  const trial = open(zoo);
  const inputs: Inputs = { package: packageOf(zoo), 'read-only-probes': 'POST /order -> 503', ...zoo.inputs };
  const to = (phase: string) => [phase, inputs] as const;
  await trial.through(to('preflight'), to('clone'), to('read-only'), to('switch'), to('deploy'));
  const scope = team.back ?? 'code-and-database';
  await trial.through(
    ['rollback', { ...inputs, 'rollback-scope': scope }],
    to('validate'),
    to('complete'),
    to('cleanup'),
  );
  return production(trial);
}
