import type { RunPart } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { StepOf } from '../steps/steps.ts';
import { looking } from './phase.ts';

/** Nothing was changed; every check has a name, a verdict and, when it fails, the exact fix. */
export const preflight = looking('preflight', plan);

function plan(
  _settings: Settings,
  { thisRun: { report } }: RunPart,
): readonly (readonly StepOf<'check-everything'>[])[] {
  if (report === undefined) {
    return [[{ kind: 'check-everything', because: 'what is not ready is better known before anything is changed' }]];
  }
  const failed = report.filter((check) => check.verdict === 'failed');
  if (failed.length === 0) return [];
  throw new Stop(
    'refused',
    `${failed.length} of ${report.length} checks failed: ${failed.map(({ name }) => name).join(', ')}.`,
    failed.map(({ name, found, fix }) => `${name}: ${found}${fix ? ` ${fix}` : ''}`).join('\n'),
  );
}
