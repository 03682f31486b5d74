import { NOTHING, type Planted, WINDOW } from './mistake.ts';

const scenario = 'several';

/** One of several apps is forgotten, or left on another side than the others. */
export const several: readonly Planted[] = [
  {
    name: 'moved-app-is-left-there',
    wrong: 'One app was moved, the next could not be: the first is left where it is.',
    file: 'phases/companion-moves.ts',
    find: 'if (!(stop instanceof Stop) || moved.length === 0) throw stop;',
    replace: 'if (!(stop instanceof Stop) || moved.length >= 0) throw stop;',
    scenario,
    path: WINDOW,
    only: 'switch#\\d+/swap-does-nothing',
  },
  {
    name: 'app-is-forgotten-on-the-way-back',
    wrong: 'Of several apps that were moved only the last one goes back.',
    file: 'phases/companion-moves.ts',
    find: '    .toReversed()\n',
    replace: "    .toReversed()\n    .filter(({ does }) => does === 'build')\n",
    scenario,
    path: WINDOW,
    only: 'switch#\\d+/swap-does-nothing',
  },
  {
    name: 'companion-goes-on',
    wrong: 'The live build of another app is not stopped in the window.',
    file: 'phases/switch.ts',
    find: "    ...stopLiveBuilds(observed, 'the live build must not write to the original any more'),\n",
    replace: '',
    scenario,
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'companion-is-forgotten-by-complete',
    wrong: 'Only the first app is moved to its new build.',
    file: 'phases/complete.ts',
    find: "...withCompanions(observed, 'complete', swapPlan(observed, slot, 'complete', PASSED, fields), PASSED, fields),",
    replace: "...swapPlan(observed, slot, 'complete', PASSED, fields),",
    scenario,
    path: `${WINDOW} deploy validate complete`,
    only: NOTHING,
  },
  {
    name: 'companion-is-forgotten-by-rollback',
    wrong: 'A rollback brings the live build of the first app back, and of no other.',
    file: 'phases/rollback-builds.ts',
    find: '    ...companionLiveBuilds(settings, observed, attempt).after,\n',
    replace: '',
    scenario,
    path: `${WINDOW} deploy rollback:database validate complete`,
    only: NOTHING,
  },
  {
    name: 'companion-copy-keeps-original',
    wrong: 'The settings of another app are written into its production slot.',
    file: 'apply/slots.ts',
    find: 'const id = slotId(scene.context.app, step.slot);',
    replace:
      "const id = slotId(scene.context.app, step.of && step.kind === 'write-settings' ? 'production' : step.slot);",
    also: [{ file: 'apply/slots.ts', find: '  refuseProduction(id);\n', replace: '' }],
    scenario,
    path: 'clone read-only',
    only: NOTHING,
  },
  {
    name: 'companion-copy-is-not-made-anew',
    wrong: 'The way out of settings that somebody wrote over those of another app is named, and does not lead there.',
    file: 'phases/switch.ts',
    find: 'const [companion] = overwrittenCompanions(observed);',
    replace: 'const [companion] = overwrittenCompanions(observed).slice(1);',
    scenario,
    path: `${WINDOW} deploy validate`,
    only: 'validate#0/operator-rewrites-other-settings',
  },
];
