import type { RunCommand } from '../../src/ports.ts';
import { request } from '../model/model.ts';
import { setSchema } from '../model/sql/rows.ts';
import type { World } from '../model/world.ts';
import { rows } from './builds.ts';
import { databaseNamed } from './facts.ts';
import type { Scenario } from './scenarios.ts';

/**
 * What the user's commands do. `./migrate` brings every database that it is told of to schema 2, and may be run again; `./migrate-half`
 * breaks when it has; `./push` needs
 * the build that it is told of to answer. `./tell` tells the read-only copy its clone.
 */
export function userCommands(scenario: Scenario, world: World, now: () => number): RunCommand {
  return async (command, environment) => {
    if (command === scenario.inputs['copy-command'])
      return { exitCode: tell(world, environment.ZDD_CLONE_DATABASE ?? '') };
    if (!scenario.migrates) throw new Error(`No command was expected: ${command}`);
    if (command === './set-up') return { exitCode: 0 };
    if (command === './push') return { exitCode: answersAt(world, environment.ZDD_CANDIDATE_URL ?? '', now()) };
    for (const name of (environment.ZDD_DATABASE ?? '').split(',')) {
      const database = databaseNamed(world, name);
      if (database === undefined || setSchema(world, database.contentId, '2', now())) return { exitCode: 1 };
    }
    return { exitCode: command === './migrate-half' ? 1 : 0 };
  };
}

/** Writes the row that the read-only copy reads, over the one of an earlier deployment. */
function tell(world: World, clone: string): number {
  const { DefaultConnection } = rows.LIVE;
  world.stores = { ...world.stores, COPY: { DefaultConnection: DefaultConnection.replace('=shop;', `=${clone};`) } };
  return 0;
}

/** 0 when the address answers as healthy, otherwise 1. */
function answersAt(world: World, address: string, now: number): number {
  const answer = request(world, { method: 'GET', url: `${address}/health`, headers: {}, from: '203.0.113.7' }, now);
  return answer.status === 200 ? 0 : 1;
}
