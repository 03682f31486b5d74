import { describe, expect, test } from '@jest/globals';
import { buildIn } from '../../simulator/model/app/build.ts';
import { viewOf } from '../../simulator/model/web/content.ts';
import { PRODUCTION, slotOf } from '../../simulator/model/web/lookup.ts';
import { messageOf } from '../../src/errors.ts';
import { shared } from '../in-process/shared.ts';
import { type Inputs, production, type Trial } from '../in-process/trial.ts';
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

  const deployed = shared(() => deployedBy(team));

  test('is deployed to the end', async () => {
    const trial = await deployed();
    await trial.through(...END.map((phase) => [phase, inputsOf(team)] as const));
    expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
    expect(othersOf(team, trial)).toEqual(othersWanted(team, '2'));
  });

  test('goes back', async () => {
    const trial = await deployed();
    const inputs = inputsOf(team);
    await trial.through(['rollback', { ...inputs, 'rollback-scope': team.back ?? 'code-and-database' }]);
    await trial.through(...END.map((phase) => [phase, inputs] as const));
    expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
    expect(othersOf(team, trial)).toEqual(othersWanted(team, '1'));
  });
});

/** Its world with what was changed since, and what it writes. */
function zooOf({ world, writes }: Team, changes: Team['changes'] = [], before?: Team['world']): Zoo {
  const own = before ?? world;
  return {
    ...own,
    inputs: { ...writes, ...others(writes, own) },
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

const END = ['validate', 'complete', 'cleanup'];

/** The new build waits for its validation; visitors are on the copy. */
async function deployedBy(team: Team): Promise<Trial> {
  const trial = open(zooOf(team, team.changes));
  const inputs = inputsOf(team);
  const phases = ['preflight', 'clone', 'read-only', 'switch', 'deploy'];
  await trial.through(...phases.map((phase) => [phase, inputs] as const));
  return trial;
}

function inputsOf(team: Team): Inputs {
  const zoo = zooOf(team, team.changes);
  return { package: packageOf(zoo), 'read-only-probes': 'POST /order -> 503', ...zoo.inputs };
}

/** Where a team names zips of other apps: they lie on the disk, and their builds run on what the migration makes. */
function others({ 'other-apps': written }: Inputs, { kind }: Team['world']): Inputs {
  if (written === undefined) return {};
  return {
    'other-apps': written.replaceAll(
      /= [\w-]+\.zip$/gm,
      `= ${packageOf({ ...(kind && { kind }), next: { migratesOnStart: false } })}`,
    ),
  };
}

/** The other apps as they run: version, where they move, and whether they run. */
function othersOf({ writes }: Team, { world }: Trial): readonly string[] {
  return lines(writes).map(({ name }) => {
    const { state, occupant } = slotOf(world, name, PRODUCTION);
    return `${name} ${buildIn(viewOf(world, occupant.instance?.contentId ?? occupant.contentId))?.version} ${state}`;
  });
}

/** Those with a build of their own move with the app; the others are as they were. */
function othersWanted(team: Team, version: string): readonly string[] {
  const before = open(zooOf(team, team.changes));
  return lines(team.writes).map(({ name, does }) => {
    const { state } = slotOf(before.world, name, PRODUCTION);
    return `${name} ${does === 'stop' ? '1' : version} ${state}`;
  });
}

function lines({ 'other-apps': written = '' }: Inputs): readonly { readonly name: string; readonly does: string }[] {
  const parts = written.split('\n').filter((line) => line !== '');
  return parts.map((line) => ({ name: line.split(' = ')[0] ?? '', does: line.split(' = ')[1] ?? '' }));
}
