import type { Observed } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { freshRun, type ThisRun } from '../../src/deployment/this-run.ts';
import { Stop } from '../../src/errors.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import { settings } from './observed.ts';
import { look, type Picture } from './picture.ts';

export interface Differences {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly record?: Partial<DeploymentRecord>;
  readonly look?: Partial<Observed>;
  readonly run?: Partial<ThisRun>;
}

/** What a run of the phase sees of the picture, with these differences. Throws where there is no record. */
export function seen(
  picture: Picture,
  phase: PhaseName,
  { inputs = {}, record = {}, look: more = {}, run = {} }: Differences = {},
) {
  const found = look(picture, phaseNamed[phase], settings({ ...inputs, phase }), { ...freshRun, ...run });
  if (found.observed.record === null) throw new Error('The picture has a record.');
  const recorded: DeploymentRecord = { ...found.observed.record, ...record };
  return {
    known: found.settings,
    observed: { ...found.observed, ...more, record: recorded } as Observed,
    record: recorded,
  };
}

export function stopOr<T>(act: () => T): T | Stop {
  try {
    return act();
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
}
