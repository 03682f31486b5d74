import { NOTHING, type Planted, WINDOW } from './mistake.ts';

const scenario = 'neighbours';

/** Another app on the same databases is forgotten. */
export const neighbours: readonly Planted[] = [
  {
    name: 'other-app-goes-on',
    wrong: 'Another app is not stopped in the window.',
    file: 'phases/other-apps.ts',
    find: "filter(({ site, named }) => named && site?.state === 'Running')",
    replace: "filter(({ site, named }) => named && site?.state === 'Paused')",
    scenario,
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'other-app-stays-stopped',
    wrong: 'Nobody starts the other apps again when visitors are on the new build.',
    file: 'phases/complete.ts',
    find: '      ...startOtherApps(observed),\n',
    replace: '',
    scenario,
    path: `${WINDOW} deploy validate complete`,
    only: NOTHING,
  },
  {
    name: 'other-app-is-stopped-unrecorded',
    wrong:
      'That the other apps ran is recorded after they were stopped: who is killed in between does not know it any more.',
    file: 'phases/switch.ts',
    find: '    apps.first,\n    [\n',
    replace: '    [\n      ...(apps.first ? [apps.first] : []),\n',
    scenario,
    path: `${WINDOW} rollback:code`,
    only: 'switch#\\d+/killed-',
  },
  {
    name: 'record-in-one-place-is-acted-on',
    wrong:
      'The other apps are stopped while only the mirror says that they ran: the write of the copy came never, or late.',
    file: 'deployment/mirror.ts',
    find: 'return lags(observed, clonePlace(observed)) || (mirror',
    replace: 'return (mirror',
    scenario,
    path: WINDOW,
    only: 'switch#\\d+/killed-late-5$',
  },
  {
    name: 'other-app-is-forgotten-on-the-way-back',
    wrong: 'A rollback starts the live build, and leaves the other apps stopped.',
    file: 'phases/rollback-builds.ts',
    find: '    startOtherApps(observed),\n',
    replace: '',
    scenario,
    path: `${WINDOW} deploy rollback:database`,
    only: NOTHING,
  },
  {
    name: 'sleeping-app-is-woken',
    wrong: 'Every other app is started at the end, those too that their owner had stopped before.',
    file: 'phases/other-apps.ts',
    find: '.filter(({ key, site }) => stopped.has(key) && site',
    replace: '.filter(({ key, site }) => (stopped.has(key) || key) && site',
    scenario,
    path: `${WINDOW} deploy validate complete`,
    only: NOTHING,
  },
  {
    name: 'other-app-runs-on-after-complete',
    wrong: 'A rollback after "complete" does not stop the other apps before it takes their database away.',
    file: 'phases/rollback-builds.ts',
    find: 'quiet ? [] : inOrder(apps.first, apps.stops),',
    replace: '',
    scenario,
    path: `${WINDOW} deploy validate complete rollback:lossy`,
    only: NOTHING,
  },
  {
    name: 'stranger-is-taken-for-the-app',
    wrong: 'Who has the login of the app counts as the app, whatever its host and process.',
    file: 'preflight/session-owners.ts',
    find: 'if (recognises && wanted.size > 0) await askAround();',
    replace: '',
    also: [
      {
        file: 'preflight/sessions.ts',
        find: 'const isElse = owners.recognises && process',
        replace: 'const isElse = false && process',
      },
    ],
    scenario: 'unnamed',
    path: 'clone:refused',
    only: NOTHING,
  },
  {
    name: 'unanswered-lets-on',
    wrong: 'Who is in the originals could not be asked for a moment, and clone copies them all the same.',
    file: 'phases/guard.ts',
    find: '    stopOnUnanswered(phase, report);\n',
    replace: '',
    also: [
      {
        file: 'preflight/inside.ts',
        find: 'again(() => insideOf(scene, database.name))',
        replace: 'insideOf(scene, database.name)',
      },
    ],
    scenario: 'unnamed',
    path: 'clone:refused',
    only: '#\\d+/dropped-before$',
  },
];
