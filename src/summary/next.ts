import type { Phase } from '../settings/choices.ts';
import { code } from './markdown.ts';
import type { RunResult } from './outputs.ts';

/**
 * What may be run next, and what each of it means for visitors.
 * @param ran the phases that this run brought to their promises: they are not proposed again while there is another.
 */
export function nextSentence(
  { state, nextPhases }: Pick<RunResult, 'state' | 'nextPhases'>,
  ran: readonly Phase[] = [],
): string {
  if (state === undefined) {
    return 'That depends on what could not be looked at.';
  }
  if (state === 'none' && ran.includes('cleanup')) return 'Nothing: the deployment has ended.';
  if (state === 'completed' && nextPhases.includes('rollback')) {
    return `Visitors are on the new state. Run ${code('cleanup')} when you no longer need a quick way back (${code('rollback')}).`;
  }
  const fresh = nextPhases.filter((phase) => !ran.includes(phase));
  const [usual, ...others] = fresh.length > 0 ? fresh : nextPhases;
  if (usual === undefined) return 'Nothing: the deployment has ended.';
  const more = others.map((phase) => `- or ${code(phase)}: ${MEANING[phase]}`);
  return [`Run ${code(usual)}: ${MEANING[usual]}`, ...more].join('\n');
}

const MEANING: Readonly<Record<Phase, string>> = {
  preflight: 'looks at everything and changes nothing.',
  clone: 'copies the databases; visitors notice nothing.',
  'read-only': 'prepares and proves the read-only copy; visitors notice nothing.',
  switch: 'sends visitors to the read-only copy and takes the rollback point.',
  deploy: 'updates the original database and starts the new build beside production.',
  validate: 'checks the candidate and writes the report for reviewers.',
  complete: 'sends visitors to the candidate, read-write again.',
  cleanup: 'removes what this deployment made.',
  rollback: 'makes the live build the candidate again.',
  status: 'shows what is where.',
};
