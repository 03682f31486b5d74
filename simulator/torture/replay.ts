import type { Case } from './cases.ts';
import { faultNamed } from './faults.ts';
import type { Played } from './play.ts';
import { runCase, wordsFor } from './run-case.ts';
import { scenarios } from './scenarios.ts';
import { type PlayedStates, type State, statesOf } from './states.ts';

const UNDISTURBED = 'undisturbed';

/** Plays exactly one case and tells all that was said and seen. True when nothing was violated. */
export async function replay(id: string): Promise<boolean> {
  const { state, each } = await caseNamed(id);
  const call = state.calls.find(({ ordinal }) => ordinal === each.ordinal);
  const where = call ? `at call ${call.ordinal} (${call.text})` : 'between two phases';
  const what = each.fault === UNDISTURBED ? 'nothing goes wrong' : `${where} ${wordsFor(each.fault)}`;
  console.log(`${each.id}: ${what}.\n`);
  const played = await playedCase(state, each);
  for (const line of played.lines) console.log(line);
  console.log(`\n${played.isGreen ? 'Green' : 'Red'} after ${played.runs} runs.`);
  for (const { invariant, what, at } of played.violations)
    console.log(`VIOLATED ${invariant}: ${what}\n    seen ${at}`);
  return played.violations.length === 0;
}

/** What came of one case, without a word. */
export async function played(id: string): Promise<Played> {
  const { state, each } = await caseNamed(id);
  return playedCase(state, each);
}

function playedCase(state: State, each: Case): Promise<Played> | Played {
  return each.fault === UNDISTURBED ? state.played : runCase(state, each);
}

/** Several cases in turn share the way to them. */
const playedStates = new Map<string, PlayedStates>();

/** `<scenario>/<stages>#<call>/<fault>`; instead of the call's number a word of its text, for the first such call that changes something or that the fault fits. */
async function caseNamed(id: string): Promise<{ state: State; each: Case }> {
  const parts = /^(([\w-]+)\/([^#]+))#([\w.-]+)\/([\w:+@-]+)$/.exec(id);
  const [, stateId, scenarioName, stages, where, fault] = parts ?? [];
  const scenario = scenarios.find(({ name }) => name === scenarioName);
  if (!scenario || !stateId || !stages || !where || !fault) throw new Error(`There is no case ${id}.`);
  const before = playedStates.get(scenario.name) ?? { states: new Map(), ends: new Map() };
  playedStates.set(scenario.name, before);
  const states = await statesOf({ ...scenario, paths: [stages.replaceAll('.', ' ')] }, before);
  const state = states.find((each) => each.id === stateId);
  if (!state) throw new Error(`There is no state ${stateId}.`);
  const ordinal = /^\d+$/.test(where)
    ? Number(where)
    : state.calls.find(
        (call, index) =>
          call.text.includes(where) && (call.changes || faultNamed(fault).fits(call, state.calls.slice(0, index))),
      )?.ordinal;
  if (ordinal === undefined) throw new Error(`${stateId} makes no call with ${where} that ${fault} fits.`);
  const each = { id: `${stateId}#${ordinal}/${fault}`, state: stateId, phase: state.phase, fault, ordinal };
  return { state, each };
}
