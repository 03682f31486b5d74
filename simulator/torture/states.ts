import { virtualClock } from '../in-process/virtual-clock.ts';
import { EPOCH } from '../model/create-world.ts';
import { advance, cloneWorld } from '../model/model.ts';
import type { World } from '../model/world.ts';
import type { Call } from './call.ts';
import { restartRandom } from './determinism.ts';
import { production } from './facts.ts';
import { finalState } from './final-state.ts';
import type { History } from './history.ts';
import type { Undisturbed } from './invariant.ts';
import { noFaults } from './no-faults.ts';
import { type Played, play } from './play.ts';
import { worldOf } from './scenario-world.ts';
import type { Scenario } from './scenarios.ts';
import { mustEndRed, stageAllows } from './stages.ts';

/** A world from which a stage may run, with what an undisturbed run of it does. */
export interface State {
  /** Such as `one/clone.read-only.switch`: the scenario and the stages up to this one. */
  readonly id: string;
  readonly scenario: Scenario;
  readonly stage: string;
  readonly phase: string;
  readonly world: World;
  readonly history: History;
  readonly now: number;
  readonly undisturbed: Undisturbed;
  /** Every call of the undisturbed run, in order. */
  readonly calls: readonly Call[];
  /** How the undisturbed run went. */
  readonly played: Played;
}

/** What was played of a scenario, by the stages up to it. */
export interface PlayedStates {
  readonly states: Map<string, State>;
  readonly ends: Map<string, { readonly world: World; readonly history: History; readonly now: number }>;
}

/**
 * Before and after every stage of every path of a scenario, each prefix once.
 * @param played what was played of it before, and what is played now is added to.
 */
export async function statesOf(
  scenario: Scenario,
  { states, ends }: PlayedStates = { states: new Map(), ends: new Map() },
): Promise<State[]> {
  for (const path of scenario.paths) {
    let prefix = '';
    let at = beginning(scenario);
    for (const stage of path.split(' ')) {
      prefix = prefix === '' ? stage : `${prefix}.${stage}`;
      const known = ends.get(prefix);
      if (known) {
        const state = states.get(prefix);
        if (state && !isAsPromised(state)) break;
        at = known;
        continue;
      }
      const state = await undisturbed(scenario, prefix, stage, at);
      states.set(prefix, state.state);
      ends.set(prefix, state.end);
      at = state.end;
      // From here the world is not what a deployment leaves behind: the violation is reported, and the path ends.
      if (!isAsPromised(state.state)) break;
    }
  }
  return [...states.values()];
}

/** The undisturbed run kept its promise and every invariant. */
export function isAsPromised({ played, stage }: State): boolean {
  return played.isGreen !== mustEndRed(stage) && played.violations.length === 0;
}

/** The scenario's world before anything has happened to it. */
export function beginning(scenario: Scenario): { world: World; history: History; now: number } {
  const world = worldOf(scenario, EPOCH);
  const now = EPOCH + 60_000;
  advance(world, now);
  const originals = Object.values(world.sql.servers).flatMap((server) =>
    Object.values(server.databases)
      .filter(({ name }) => !name.startsWith('foreign'))
      .map(({ name, databaseId, contentId }) => ({ server: server.name, name, databaseId, contentId })),
  );
  const history: History = {
    originals,
    accepted: [],
    uploads: [],
    config: { ...production(world).occupant.config },
    validated: {},
    namesakes: {},
    routeChanges: 0,
    nextWrite: 0,
    lastVisitAt: 0,
    ...(scenario.hasRegular ? { regular: { at: now } } : {}),
  };
  return { world, now, history };
}

async function undisturbed(
  scenario: Scenario,
  prefix: string,
  stage: string,
  at: { world: World; history: History; now: number },
) {
  const world = cloneWorld(at.world);
  const history = structuredClone(at.history);
  const clock = virtualClock(at.now);
  const calls: Call[] = [];
  restartRandom();
  const played = await play({
    scenario,
    stage,
    world,
    history,
    clock,
    faults: [noFaults],
    undisturbed: undefined,
    allows: new Set([...(scenario.allows ?? []), ...stageAllows(stage)]),
    onCall: (call) => calls.push(call),
  });
  const state: State = {
    id: `${scenario.name}/${prefix}`,
    scenario,
    stage,
    phase: stage.split(':')[0] ?? '',
    world: at.world,
    history: at.history,
    now: at.now,
    undisturbed: {
      routeChanges: history.routeChanges - at.history.routeChanges,
      finalState: finalState(world, history),
    },
    calls,
    played,
  };
  return { state, end: { world, history, now: clock.now() } };
}
