import { virtualClock } from '../in-process/virtual-clock.ts';
import { cloneWorld } from '../model/model.ts';
import type { Faults } from './action-process.ts';
import { applyOperator } from './apply-operator.ts';
import type { Case } from './cases.ts';
import { restartRandom } from './determinism.ts';
import { databases, recorded } from './facts.ts';
import { everythingLate, faultAt, faultNamed, lockTimesOut } from './faults.ts';
import { follow, playAndFollow } from './follow.ts';
import type { Allowance } from './invariant.ts';
import { type Kind, kindOf } from './kinds.ts';
import { noFaults } from './no-faults.ts';
import type { Operator } from './operator.ts';
import { operators } from './operators.ts';
import { type Play, type Played, play } from './play.ts';
import type { Scenario } from './scenarios.ts';
import { mustEndRed, stageAllows } from './stages.ts';
import type { State } from './states.ts';
import { withUnheard } from './unheard.ts';
import type { Violated } from './watch.ts';

/** An approval that nobody gives before Monday. */
const DAYS_MS = 3 * 86_400_000;

/** Plays one case on a copy of its state. */
export function runCase(state: State, each: Case): Promise<Played> {
  return withUnheard(() => playedCase(state, each));
}

function playedCase(state: State, each: Case): Promise<Played> {
  restartRandom();
  const kind = kindOf(each.fault);
  const base: Play = {
    scenario: state.scenario,
    stage: state.stage,
    world: cloneWorld(state.world),
    history: structuredClone(state.history),
    clock: virtualClock(state.now),
    faults: [noFaults],
    undisturbed: state.undisturbed,
    allows: new Set([...(state.scenario.allows ?? []), ...stageAllows(state.stage)]),
  };
  switch (kind.kind) {
    case 'operator':
      return withOperator(base, kind.name);
    case 'out-of-turn':
      return playAndFollow({
        ...base,
        stage: kind.name,
        undisturbed: undefined,
        allows: allowing(base, ['red', 'different']),
      });
    case 'days-later':
      return playAndFollow({ ...base, afterMs: DAYS_MS });
    case 'second-run':
      return secondRun(base, each.ordinal, noFaults);
    case 'second-run-unlocked':
      return secondRun(base, each.ordinal, lockTimesOut());
    case 'second-deployment':
      return secondDeployment(base, each.ordinal);
    case 'everything-late':
      return playAndFollow({ ...base, faults: [everythingLate], allows: allowing(base, ['errors-for-a-moment']) });
    case 'killed-then':
      return killedThen(base, each.ordinal, kind);
    case 'two-faults':
      return twoFaults(base, each.ordinal, kind);
    case 'fault': {
      const fault = faultNamed(each.fault);
      const call = state.calls.find(({ ordinal }) => ordinal === each.ordinal);
      // A rule that Azure admits after its run has given up can be closed by cleanup only.
      const ruleComesLate = fault.comesLate === true && /^PUT .*firewallRules/.test(call?.text ?? '');
      const allows = allowing(base, [...(fault.allows ?? []), ...(ruleComesLate ? (['rules'] as const) : [])]);
      const comesLate = fault.comesLate ?? false;
      const played = playAndFollow({ ...base, faults: [faultAt(fault, each.ordinal)], allows, comesLate });
      return fault.passes ? played.then((came) => outlasted(base, came)) : played;
    }
  }
}

/** Weather needs nobody: visitors may be waiting, and a job that is run again may have to be approved again. */
function outlasted({ stage }: Play, played: Played): Played {
  const [first] = played.failures;
  if (first === undefined || mustEndRed(stage) || /^refused/.test(first)) return played;
  const wrong = {
    invariant: 'weather-needs-nobody',
    what: `somebody has to run it again: ${first}`,
    at: 'the first run',
  };
  return { ...played, violations: [...played.violations, wrong] };
}

/** The fault of a case in words, as the end of a sentence. */
export function wordsFor(name: string): string {
  const kind = kindOf(name);
  switch (kind.kind) {
    case 'operator':
      return `somebody ${operators.find((operator) => operator.name === kind.name)?.what}`;
    case 'out-of-turn':
      return `${kind.name} is run, whether it may or not`;
    case 'days-later':
      return 'nobody goes on for three days';
    case 'second-run':
      return 'the same phase is started a second time';
    case 'second-run-unlocked':
      return 'the same phase is started a second time, and SQL Server has no time for its lock';
    case 'second-deployment':
      return 'another workflow run begins a deployment as well';
    case 'everything-late':
      return 'every answer of Azure takes half a minute';
    case 'killed-then':
      return `${faultNamed(kind.killedAs).what}, and within a minute ${kind.stage} is run`;
    case 'two-faults':
      return `${faultNamed(kind.names[0]).what}, and at call ${kind.second} ${faultNamed(kind.names[1]).what}`;
    case 'fault':
      return faultNamed(name).what;
  }
}

/** Whoever finds a dead run need not know that it died, and runs what comes to mind: then what it says to do leads out. */
async function killedThen(base: Play, at: number, kind: Extract<Kind, { kind: 'killed-then' }>): Promise<Played> {
  const allows = allowing(base, ['red', 'different', 'rules', 'undone', 'half-way']);
  const killed = { ...base, undisturbed: undefined, allows, faults: [faultAt(faultNamed(kind.killedAs), at)] };
  const first = await play({ ...killed, mostRuns: 1, settlesMs: 0, mustEndRed: false });
  await base.clock.sleep(WITHIN_A_MINUTE_MS);
  const then = { ...killed, stage: kind.stage, faults: [noFaults], mustEndRed: false };
  const comesLate = faultNamed(kind.killedAs).comesLate ?? false;
  const second = await playAndFollow({ ...then, comesLate });
  // What was killed is run again at last: it ends, or says what leads out.
  const third = comesLate ? await playAndFollow({ ...then, stage: base.stage }) : undefined;
  return {
    ...second,
    violations: [...first.violations, ...second.violations, ...(third?.violations ?? [])],
    lines: [
      ...first.lines,
      `--- then ${kind.stage}`,
      ...second.lines,
      ...(third ? [`--- then ${base.stage}`, ...third.lines] : []),
    ],
  };
}

const WITHIN_A_MINUTE_MS = 20_000;

function twoFaults(base: Play, at: number, kind: Extract<Kind, { kind: 'two-faults' }>): Promise<Played> {
  const [first, second] = [faultNamed(kind.names[0]), faultNamed(kind.names[1])];
  const both: Faults = {
    meet(call, forward, process) {
      if (call.ordinal === at) return first.inject(forward, process, call);
      // After the first one the run may take another way, and make another call then.
      if (call.ordinal !== kind.second || !second.fits(call, [])) return forward();
      return second.inject(forward, process, call);
    },
  };
  const allows = allowing(base, [...(first.allows ?? []), ...(second.allows ?? []), 'rules']);
  return playAndFollow({ ...base, faults: [both], allows, comesLate: first.comesLate ?? second.comesLate ?? false });
}

/** What the operator alone breaks is not ours: that is watched first, without us. */
async function withOperator(base: Play, name: string): Promise<Played> {
  const operator = operators.find((each) => each.name === name);
  if (!operator) throw new Error(`There is no operator ${name}.`);
  const { world, history, clock, scenario, stage } = base;
  const allows = allowing(base, operator.allows);
  const start = { world, history, phase: stage, scenario: scenario.name, undisturbed: undefined, allows };
  const excused = await applyOperator(operator, start, clock);
  const broken = { world: cloneWorld(world), history: structuredClone(history), clock: virtualClock(clock.now()) };
  const mustEndRed = operator.forbids?.test(stage) === true;
  const expected = mustEndRed ? { mustEndRed, allows: new Set([...allows, 'refused' as const]) } : { allows };
  const played = await play({ ...base, undisturbed: undefined, excused, ...expected });
  const advised = await follow({ ...base, ...expected, excused }, played);
  const helped = await helps({ ...base, ...broken, allows, excused, undisturbed: undefined }, operator);
  return { ...played, violations: [...played.violations, ...advised, ...helped] };
}

/** Whatever somebody did: `status` tells it, and in the window `rollback` brings the live build back or says why it cannot. */
async function helps(broken: Play, { mendedBy }: Operator): Promise<readonly Violated[]> {
  const status = await play({ ...broken, stage: 'status' });
  if (mendedBy !== undefined) {
    const allows = new Set([...broken.allows].filter((each) => each !== 'refused'));
    const mended = await play({ ...broken, stage: mendedBy, allows });
    if (mended.violations.length > 0) return [...status.violations, ...mended.violations];
  }
  if (recorded(broken.world, 'zdd-window-opened-at') === undefined) return status.violations;
  const rollback = await play({ ...broken, stage: wayBack(broken.scenario) });
  return [...status.violations, ...rollback.violations];
}

/** Where the databases are never restored, that is refused whatever somebody did: the code is what must come back. */
function wayBack({ inputs }: Scenario): string {
  return inputs['no-database-rollback'] === 'true' ? 'rollback:code' : 'rollback:lossy';
}

/** Both end in the same state: a second run that was in the way of the first ends as well when it is run again. */
async function secondRun(base: Play, at: number, faults: Faults): Promise<Played> {
  const companion = { at, stage: base.stage, runId: '1', runAttempt: 2, faults };
  const played = await play({ ...base, companion });
  if (played.companion === 'green' || mustEndRed(base.stage)) return played;
  const isNameless =
    /to be free/.test(played.companion ?? '') && !/run org\/shop\/1\/1 of ada/.test(played.companion ?? '');
  const nameless = {
    invariant: 'owner-is-named',
    what: `who has the lease is not told: ${played.companion}`,
    at: 'the end',
  };
  const again = await play({ ...base, undisturbed: undefined });
  return {
    ...played,
    violations: [...played.violations, ...again.violations, ...(isNameless ? [nameless] : [])],
    lines: [...played.lines, '--- the other run, once more', ...again.lines],
  };
}

/**
 * One proceeds, the other refuses with the name and run of the owner, and nothing of the winner is harmed. Where nobody may proceed,
 * neither does, and nothing is held.
 */
async function secondDeployment(base: Play, at: number): Promise<Played> {
  const { world } = base;
  const played = await play({
    ...base,
    undisturbed: undefined,
    allows: allowing(base, ['red', 'different']),
    companion: { at, stage: base.stage, runId: '2', runAttempt: 1, faults: noFaults },
  });
  const mine = databases(world).filter(({ tags }) => tags['zdd-app'] === 'rg/web' && tags['zdd-lock'] !== undefined);
  const held = new Set(mine.map(({ tags }) => `${tags['zdd-deployment']} ${tags['zdd-lock']}`));
  const green = [played.isGreen, played.companion === 'green'].filter(Boolean).length;
  const loser = played.isGreen ? played.companion : played.failures.at(-1);
  const due = mustEndRed(base.stage) ? 0 : 1;
  const what =
    green === 1 && due === 1 && !/\b(ada|bob) began it in run org\/shop\/\d+\/\d+/.test(loser ?? '')
      ? `the deployment that had to give way does not name the owner and its run: ${loser}`
      : green !== due
        ? `${green} of two deployments that began together went on (the other said: ${played.companion}; ${played.failures.at(-1)})`
        : held.size !== due || [...held].some((lock) => !lock.endsWith(' held'))
          ? `after two deployments began together there are ${[...held].join(', ') || 'none'}`
          : undefined;
  const harmed: Violated[] = what === undefined ? [] : [{ invariant: 'one-deployment-an-app', what, at: 'the end' }];
  return { ...played, violations: [...played.violations, ...harmed] };
}

function allowing(base: Play, more: readonly Allowance[]): ReadonlySet<Allowance> {
  return new Set([...base.allows, ...more]);
}
