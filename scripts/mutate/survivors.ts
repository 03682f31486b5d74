import type { Mutant } from './mutants.ts';

/** Mistakes that no test can notice, or none that would be worth its time, each with the reason. By file and by what is replaced. */
const REASONS: readonly (readonly [file: string, what: string, because: string])[] = [
  [
    'context/write-record.ts',
    '!slot || !tags -> (!tags)',
    'Without a slot there are no tags for it either: journalTags answers null. The first half tells the compiler so.',
  ],
  [
    'observe/observe.ts',
    'at: slot.id -> nothing',
    'Every phase, status too, stops on a journal that nobody can read: where it lies is in that Stop, and this is never shown.',
  ],
  [
    'observe/recorded-servers.ts',
    'false -> true',
    'The same is read: nothing is kept yet when a run does not know its servers, and of what has a record nothing is kept at all.',
  ],
  [
    'phases/clone.ts',
    'pair.clone && pair.cloneTags -> (pair.clone)',
    'A copy without its tags is tagged before anybody withdraws, so none comes here. Who deletes asks all the same whether it is ours.',
  ],
  [
    'phases/companion-moves.ts',
    'observed.companions.length === 0 -> false',
    'Without companions the rest of it comes to the plan of the first app: no part waits, and only their proofs are tolerated.',
  ],
  [
    'phases/kept-files.ts',
    'from === null || record.visitorsOnOriginalSince === undefine -> (record.visitorsOnOriginalSince',
    'Without a slot none of this deployment is in it: `holds` says no of null. The first part tells the compiler so.',
  ],
  [
    'phases/read-only.ts',
    'checks -> false',
    'All that this phase checks again is in its look and refused there: today no check of it has to be asked for.',
  ],
  [
    'take-lease.ts',
    "'Shutdown' -> nothing",
    'One of the statuses in which nobody can log in, as Azure lists them: a test could only say the list again. Two of them are met.',
  ],
];

export function reasonFor({ file, what }: Mutant): string | undefined {
  return REASONS.find(([its, text]) => its === file && what.includes(text))?.[2];
}
