import type { RunPart } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { Plan } from '../steps/steps.ts';
import type { Phase } from './phase.ts';

export const preflight: Phase = {
  name: 'preflight',
  promise: 'Nothing was changed; every check has a name, a verdict and, when it fails, the exact fix.',
  changes: false,
  looksInside: [],
  plan,
  planInPart: plan,
};

function plan(_settings: Settings, { thisRun: { report } }: RunPart): Plan {
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
