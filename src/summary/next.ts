import { type PhaseName, traitsOf } from '../settings/phases.ts';
import { code } from './markdown.ts';
import type { RunResult } from './outputs.ts';

/**
 * What may be run next, and what each of it means for visitors.
 * @param ran the phases that this run brought to their promises: they are not proposed again while there is another.
 */
export function nextSentence(
  { state, nextPhases }: Pick<RunResult, 'state' | 'nextPhases'>,
  ran: readonly PhaseName[] = [],
): string {
  if (state === undefined) {
    return 'That depends on what could not be looked at.';
  }
  if (state === 'none' && ran.includes('cleanup')) return 'Nothing: the deployment has ended.';
  if (state === 'completed' && nextPhases.includes('rollback')) {
    return `Visitors are where they are meant to stay. Run ${code('cleanup')} when you no longer need a quick way back (${code('rollback')}).`;
  }
  const fresh = nextPhases.filter((phase) => !ran.includes(phase));
  const [usual, ...others] = fresh.length > 0 ? fresh : nextPhases;
  if (usual === undefined) return 'Nothing: the deployment has ended.';
  const more = others.map((phase) => `- or ${code(phase)}: ${traitsOf[phase].meaning}`);
  return [`Run ${code(usual)}: ${traitsOf[usual].meaning}`, ...more].join('\n');
}
