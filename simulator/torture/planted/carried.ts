import { NOTHING, type Planted, WINDOW } from './mistake.ts';

/** What production had, or was given meanwhile, is lost on the way. */
export const carried: readonly Planted[] = [
  {
    name: 'only-copy-is-deleted',
    wrong: 'Cleanup empties a slot that has the only copy of what visitors sent.',
    file: 'apply/builds.ts',
    find: 'if (own.length > 0 && settings.keepFiles?.length !== 0) {',
    replace: 'if (own.length < 0) {',
    scenario: 'people',
    path: `${WINDOW} deploy validate complete cleanup`,
    only: 'cleanup#0/operator-leaves-late-file$',
  },
  {
    name: 'uploads-are-not-carried',
    wrong: 'The files that visitors sent since the copy was made are not carried over before the swap.',
    file: 'phases/kept-files.ts',
    find: "if (folders.length === 0 || buildSource(from).kind !== 'files'",
    replace: "if (folders.length > 0 || buildSource(from).kind !== 'files'",
    scenario: 'people',
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'rollback-forgets-uploads',
    wrong: 'What visitors sent to the new build is not carried to the live build that they come back to.',
    file: 'phases/rollback-builds.ts',
    find: '    carryFromNewBuild(settings, observed, record, slot.name),\n',
    replace: '',
    scenario: 'people',
    path: `${WINDOW} deploy validate complete rollback:lossy`,
    only: 'rollback:lossy#0/undisturbed$',
  },
  {
    name: 'health-check-is-not-matched',
    wrong: 'The slots are not given the configuration that a swap carries into production.',
    file: 'phases/match-config.ts',
    find: "if (Object.keys(properties).length === 0 || isDone(observed, 'match-config', slot.name)) return [];",
    replace: "if (Object.keys(properties).length >= 0 || isDone(observed, 'match-config', slot.name)) return [];",
    scenario: 'people',
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'later-setting-is-lost',
    wrong: 'What production was given after "read-only" is not looked at.',
    file: 'phases/switch.ts',
    find: '  refuseOutdatedCopy(observed);\n    return',
    replace: '  if (!observed) refuseOutdatedCopy(observed);\n    return',
    path: WINDOW,
    only: 'switch#0/operator-(sets-on|releases-to)-production$',
  },
];
