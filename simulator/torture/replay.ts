import { runCase, wordsFor } from './run-case.ts';
import { scenarios } from './scenarios.ts';
import { statesOf } from './states.ts';

/** Plays exactly one case and tells all that was said and seen. True when nothing was violated. */
export async function replay(id: string): Promise<boolean> {
  const parts = /^(([\w-]+)\/[^#]+)#(\d+)\/([\w:-]+)$/.exec(id);
  const [, stateId, scenarioName, ordinal, fault] = parts ?? [];
  const scenario = scenarios.find(({ name }) => name === scenarioName);
  if (!scenario || stateId === undefined || fault === undefined) throw new Error(`There is no case ${id}.`);
  const state = (await statesOf(scenario)).find((each) => each.id === stateId);
  if (!state) throw new Error(`There is no state ${stateId}.`);
  if (fault === 'undisturbed') return told(state.played);
  const call = state.calls.find((each) => each.ordinal === Number(ordinal));
  console.log(`${id}: ${call ? `at call ${ordinal} (${call.text})` : 'between two phases'} ${wordsFor(fault)}.\n`);
  return told(await runCase(state, { id, state: stateId, phase: state.phase, fault, ordinal: Number(ordinal) }));
}

function told(played: Awaited<ReturnType<typeof runCase>>): boolean {
  for (const line of played.lines) console.log(line);
  console.log(`\n${played.isGreen ? 'Green' : 'Red'} after ${played.runs} runs.`);
  for (const { invariant, what, at } of played.violations)
    console.log(`VIOLATED ${invariant}: ${what}\n    seen ${at}`);
  return played.violations.length === 0;
}
