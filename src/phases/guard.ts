import type { Check } from '../deployment/check.ts';
import { Stop } from '../errors.ts';

/** What a phase must not begin with: the same checks as preflight's, right before it matters. */
export function refuseFailed(phase: string, checks: readonly Check[]): void {
  const wrong = checks.filter(({ verdict }) => verdict === 'failed');
  if (wrong.length === 0) return;
  throw new Stop(
    'refused',
    `Phase ${phase} cannot begin: ${wrong.map(({ found }) => found).join(' ')}`,
    wrong.map(({ fix }) => fix ?? 'Run "preflight" to see everything.').join('\n'),
  );
}
