import { NOTHING, type Planted, WINDOW } from './mistake.ts';

/** What Azure, or production, answers is not looked at, or believed too early. */
export const eyes: readonly Planted[] = [
  {
    name: 'stops-too-early',
    wrong: 'The live build is stopped while front ends still send visitors to it.',
    file: 'apply/slots.ts',
    find: 'await untilNobodyComes(scene, step.slot);',
    replace: '',
    scenario: 'swift',
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'nobody-watches',
    wrong: 'Production is not asked before the swap has ended.',
    file: 'run-phase.ts',
    find: 'if (phase.watches && !isPartial(look))',
    replace: 'if (phase.watches === undefined && !isPartial(look))',
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'success-shows-at-once',
    wrong: 'A swap that Azure calls a success, and that does not show yet, counts as not happened.',
    file: 'swap/outcome.ts',
    find: "const isRefused = typeof evidence.ownPoll === 'object' && !newer;",
    replace: "const isRefused = evidence.ownPoll !== 'unknown' && !newer;",
    scenario: 'lagging',
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'late-switch-stays',
    wrong: 'Visitors are left on the read-only copy when the databases do not get quiet.',
    file: 'phases/switch-undo.ts',
    find: "settings.switchTimeout > 0 && observed.record?.mode === 'read-only'",
    replace: "settings.switchTimeout < 0 && observed.record?.mode === 'read-only'",
    path: WINDOW,
    only: 'switch#0/operator-connects$',
  },
  {
    name: 'lock-before-listed',
    wrong:
      'The lock is held although the list of databases, in which rivals are found, does not even show our own claim.',
    file: 'apply/lock.ts',
    find: 'if (scene.context.known.unlisted.length > 0) return awaitListed(scene);',
    replace: '',
    scenario: 'lagging',
    path: WINDOW,
    only: 'clone#\\d+/second-deployment$',
  },
  {
    name: 'failure-beside-is-unheard',
    wrong:
      'What fails while production is watched ends the process, because nobody waits for it before the watch is over.',
    file: 'apply/watch.ts',
    find: 'begun(strayInProduction(scene))',
    replace: 'strayInProduction(scene)',
    path: WINDOW,
    only: 'switch#\\d+/dropped-again$',
  },
];
