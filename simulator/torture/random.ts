import { virtualClock } from '../in-process/virtual-clock.ts';
import type { Faults } from './action-process.ts';
import { applyOperator } from './apply-operator.ts';
import { restartRandom } from './determinism.ts';
import { faults as allFaults } from './faults.ts';
import type { Allowance } from './invariant.ts';
import { operators } from './operators.ts';
import type { Outcome } from './outcome.ts';
import { play } from './play.ts';
import { scenarios } from './scenarios.ts';
import { randomFrom } from './seeded.ts';
import { beginning } from './states.ts';
import type { Violated } from './watch.ts';

/** The usual way is the likeliest: otherwise few journeys would come far. */
const USUAL = ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup'] as const;
const BACK = ['rollback:code', 'rollback:database', 'rollback:lossy'] as const;
const DETOURS = [...BACK, 'deploy:fixed', 'deploy:unhealthy', 'deploy:dead', 'switch', 'status', 'cleanup'] as const;
/** What people do about a build that does not start, or becomes unhealthy before visitors. */
const FIXES = [...BACK, 'deploy:fixed'] as const;

/**
 * A whole deployment in which anything may go wrong at any time, several times over, and operators act between the phases.
 * The seed decides everything.
 */
export async function journey(seed: number, tell: (line: string) => void = () => undefined): Promise<Outcome> {
  restartRandom();
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)];
    if (found === undefined) throw new Error('There is nothing to pick from.');
    return found;
  };
  const scenario = pick(scenarios);
  const { world, history, now } = beginning(scenario);
  const clock = virtualClock(now);
  const allows = new Set<Allowance>(['red', 'different', 'undone', 'rules', ...(scenario.allows ?? [])]);
  const excused = new Set<string>();
  const violations: (Violated & { call: string })[] = [];
  let runs = 0;
  let usual = 0;
  let needsFix = false;
  for (let step = 0; step < 18 && usual < USUAL.length && violations.length === 0; step++) {
    if (random() < 0.08) await somebodyElse();
    const usually: string = needsFix ? pick(FIXES) : (USUAL[usual] ?? 'status');
    const stage: string = random() < 0.2 ? pick(DETOURS) : usually;
    const faults = Array.from({ length: 3 }, () => randomFaults(random, pick));
    // Some do not run the phase again but another one, and some do not wait until everything late has come. What comes after
    // the last phase only that phase can take away.
    const isLast = stage === 'cleanup';
    const mostRuns = random() < 0.2 && !isLast ? 1 : undefined;
    const settlesMs = random() < 0.3 && !isLast ? 0 : undefined;
    const played = await play({
      scenario,
      stage,
      world,
      history,
      clock,
      faults,
      undisturbed: undefined,
      allows,
      excused,
      comesLate: isLast,
      ...(mostRuns === undefined ? {} : { mostRuns }),
      ...(settlesMs === undefined ? {} : { settlesMs }),
    });
    tell(`--- ${stage}: ${played.isGreen ? 'green' : played.failures.at(-1)}`);
    for (const line of played.lines) tell(line);
    runs += played.runs;
    violations.push(...played.violations.map((violation) => ({ ...violation, call: stage })));
    needsFix = !played.isGreen && (needsFix || /^(deploy|complete)/.test(stage));
    if (played.isGreen) usual = after(stage);
  }
  return {
    id: `random#${seed}/journey`,
    phase: 'journey',
    fault: scenario.name,
    end: usual === USUAL.length ? 'green' : 'red',
    runs,
    violations,
  };

  /** A new candidate has to be validated anew, and a rollback leaves the choice. */
  function after(stage: string): number {
    const [phase = ''] = stage.split(':');
    if (stage === USUAL[usual]) return usual + 1;
    if (usual <= USUAL.indexOf('switch')) return usual;
    if (phase === 'deploy') return USUAL.indexOf('validate');
    return phase === 'rollback' ? USUAL.indexOf(pick(['switch', 'deploy', 'validate', 'validate'])) : usual;
  }

  async function somebodyElse(): Promise<void> {
    const operator = pick(operators);
    for (const allowance of operator.allows) allows.add(allowance);
    tell(`--- somebody ${operator.what}`);
    const start = { world, history, phase: '', scenario: scenario.name, undisturbed: undefined, allows };
    for (const invariant of await applyOperator(operator, start, clock)) excused.add(invariant);
  }
}

/** One call in some hundred goes wrong, in any way that fits it. */
function randomFaults(random: () => number, pick: <T>(list: readonly T[]) => T): Faults {
  return {
    meet(call, forward, process) {
      if (random() > 0.008) return forward();
      const fitting = allFaults.filter((fault) => fault.fits(call, []));
      return fitting.length === 0 ? forward() : pick(fitting).inject(forward, process, call);
    },
  };
}
