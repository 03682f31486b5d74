import './determinism.ts';
import { packed, unpacked } from './packed-states.ts';
import { scenarios } from './scenarios.ts';
import { type State, statesOf } from './states.ts';
import { chosenCases, outcomeOf, undisturbedOutcome } from './sweep.ts';
import type { Done, Said, Task } from './tasks.ts';

/**
 * One process of the sweep: does one task after the other until it is ended. A case in which everybody waits for ever leaves it
 * nothing to do: then it ends by itself, and not green.
 */
const NEVER_ENDS = 13; // As Node calls it: https://nodejs.org/api/process.html#exit-codes
process.exitCode = NEVER_ENDS;
// Ctrl-C meets every process of a terminal; the one that tells what was found so far ends the others.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit());

// Refusals are thrown by the thousand, and where is for whoever replays a case.
Error.stackTraceLimit = 0;

/** Those of the scenario that is being played. */
let known: readonly State[] = [];

process.on('message', (task: Task) => {
  process.channel?.unref();
  done(task).then(
    (done) => {
      process.channel?.ref();
      say({ done });
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function done(task: Task): Promise<Done> {
  switch (task.do) {
    case 'lead': {
      const states = await statesOf(scenarioNamed(task.scenario, task.paths));
      for (const state of states) say({ outcome: undisturbedOutcome(state) });
      return { states: packed(states) };
    }
    case 'list':
      return { cases: chosenCases(task.states.flatMap(unpacked), task.choice) };
    case 'play':
      if (task.states !== undefined) known = unpacked(task.states);
      for (const each of task.cases) say({ outcome: await outcomeOf(stateNamed(each.state), each) });
      return {};
  }
}

function say(said: Said): void {
  process.send?.(said);
}

function stateNamed(id: string): State {
  const found = known.find((state) => state.id === id);
  if (found === undefined) throw new Error(`State ${id} is not known.`);
  return found;
}

function scenarioNamed(name: string, paths: readonly string[] | undefined) {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`There is no scenario ${name}.`);
  return { ...found, paths: paths ?? found.paths };
}
