import type { Observed } from '../../src/deployment/observed.ts';
import { freshRun, type ThisRun } from '../../src/deployment/this-run.ts';
import { Stop } from '../../src/errors.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { planText } from '../../src/steps/plan-text.ts';
import type { Plan, StepKind } from '../../src/steps/steps.ts';
import { idealStep, type Weather } from './ideal-azure.ts';
import { settings } from './observed.ts';
import { look, type Picture } from './picture.ts';

/** One round of a run: what was seen, what was planned, and every picture on the way to the next round. */
export interface Round {
  readonly phase: PhaseName;
  readonly observed: Observed;
  readonly plan: Plan;
  readonly pictures: readonly Picture[];
}

export interface Walk {
  readonly rounds: readonly Round[];
  /** Where the run ended. */
  readonly picture: Picture;
  /** Why it ended red. */
  readonly stop: Stop | undefined;
}

type Inputs = Readonly<Record<string, string>>;

/** A whole run of one phase: plans, carries out the first batch, looks again. Throws when it does not end. */
export function run(from: Picture, phase: PhaseName, inputs: Inputs = {}, weather: Weather = {}): Walk {
  const asked = knownSettings(inputs, phase);
  const rounds: Round[] = [];
  let picture = from;
  let thisRun = freshRun;
  for (let round = 0; round < 40; round++) {
    const { observed, settings: known } = look(picture, phaseNamed[phase], asked, thisRun);
    let plan: Plan;
    try {
      plan = phaseNamed[phase].plan(known, observed);
    } catch (error) {
      if (error instanceof Stop) return { rounds, picture, stop: error };
      throw error;
    }
    const pictures: Picture[] = [];
    for (const step of plan[0] ?? []) {
      ({ picture, thisRun } = idealStep({ picture, thisRun, observed, settings: known, weather }, step));
      pictures.push(picture);
    }
    rounds.push({ phase, observed, plan, pictures });
    if (plan.length === 0) return { rounds, picture, stop: undefined };
  }
  const last = rounds.at(-1);
  throw new Error(`Phase ${phase} does not end; its last plan:\n${planText(last?.plan ?? [])}`);
}

/** The picture after these phases, each run to its end. Throws when one ends red. */
export function after(phases: readonly (PhaseName | readonly [PhaseName, Inputs])[], from: Picture): Picture {
  return phases.reduce<Picture>((picture, each) => {
    const [phase, inputs]: readonly [PhaseName, Inputs] = typeof each === 'string' ? [each, {}] : each;
    const { picture: next, stop } = run(picture, phase, inputs);
    if (stop) throw stop;
    return next;
  }, from);
}

/** What a run of the phase leaves that is killed right after the first step of this kind. */
export function killed(from: Picture, phase: PhaseName, afterStep: StepKind, inputs: Inputs = {}): Picture {
  for (const { plan, pictures } of run(from, phase, inputs).rounds) {
    const index = plan[0]?.findIndex((step) => step.kind === afterStep) ?? -1;
    const picture = pictures[index];
    if (picture !== undefined) return picture;
  }
  throw new Error(`A run of ${phase} never gets to ${afterStep}.`);
}

/** What a fresh run of the phase would do first to last, or how it refuses: `kind: happened / next`. */
export function planned(picture: Picture, phase: PhaseName, inputs: Inputs = {}, thisRun: ThisRun = freshRun): string {
  const { observed, settings: known } = look(picture, phaseNamed[phase], settings({ ...inputs, phase }), thisRun);
  try {
    return planText(phaseNamed[phase].plan(known, observed));
  } catch (error) {
    if (error instanceof Stop) return `${error.kind}: ${error.happened} / ${error.next}`;
    throw error;
  }
}

/** Reading inputs takes longer than planning, and the walks are many. */
function knownSettings(inputs: Inputs, phase: PhaseName): Settings {
  const key = JSON.stringify([phase, inputs]);
  const known = read.get(key) ?? settings({ ...inputs, phase });
  read.set(key, known);
  return known;
}

const read = new Map<string, Settings>();
