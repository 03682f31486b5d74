/** What each phase is about to do, for somebody who has never heard of it. */
export const PHASE_WORDS: Readonly<Record<string, string>> = {
  preflight: 'Looking whether everything is in place. Nothing is changed.',
  clone: 'Copying the production database and making the copy read-only. Visitors are not concerned.',
  'read-only': 'Starting the running build a second time, in a slot of its own, on the copy, with orders switched off.',
  switch: 'Moving visitors to that read-only copy; then the old build is stopped and the original database is quiet.',
  deploy: 'Changing the original database and starting the new build beside it. Nobody is on it yet.',
  validate: 'Asking the build that is to take over everything that it must answer, before anyone decides.',
  complete: 'Moving visitors to the build that was proven, on the original database. Orders open again.',
  cleanup: 'Deleting what the deployment made: the copy of the database, the contents of the two slots.',
  rollback: 'Going back: the new build is stopped and the build from before is made ready again.',
  status: 'Looking who serves what.',
};

/** The phases that a step of the workflow runs, by its name. */
export function phasesIn(stepName: string): string[] {
  const words = stepName.toLowerCase().match(/[a-z]+(?:-[a-z]+)*/g) ?? [];
  return words.filter((word) => word in PHASE_WORDS);
}
