import { NOTHING, type Planted, WINDOW } from './mistake.ts';

/** A build gets what it must not have, or runs when it must not. */
export const instances: readonly Planted[] = [
  {
    name: 'settings-into-production',
    wrong: 'The settings of the read-only copy are written to production.',
    file: 'apply/slots.ts',
    find: 'const id = slotId(scene.context.app, step.slot);',
    replace: "const id = slotId(scene.context.app, step.kind === 'write-settings' ? 'production' : step.slot);",
    also: [{ file: 'apply/slots.ts', find: '  refuseProduction(id);\n', replace: '' }],
    path: 'clone read-only',
    only: NOTHING,
  },
  {
    name: 'slot-is-made-with-a-new-identity',
    wrong: 'A slot that was deleted is made anew, with an identity that the databases do not know.',
    file: 'phases/prepare-slot.ts',
    find: '    refuseNewIdentity(observed, name);\n',
    replace: '',
    scenario: 'identities',
    path: 'clone read-only',
    only: 'read-only#0/operator-deletes-readonly-slot$',
  },
  {
    name: 'copy-keeps-original',
    wrong: "The read-only copy keeps production's connection strings.",
    file: 'deployment/instances.ts',
    find: 'connectionStrings: cloned.settings.connectionStrings,',
    replace: 'connectionStrings: live.connectionStrings,',
    path: 'clone read-only',
    only: NOTHING,
  },
  {
    name: 'new-build-gets-copys-settings',
    wrong: "The new build's settings are taken from production, which is the read-only copy in the window.",
    file: 'deployment/slots.ts',
    find: 'return isSwappedOut && look.readonlySlot ? look.readonlySlot : look.production;',
    replace: 'return isSwappedOut ? look.production : look.production;',
    path: `${WINDOW} deploy validate complete`,
    only: NOTHING,
  },
  {
    name: 'staging-is-armed-early',
    wrong: 'The new build gets its real settings before the window.',
    file: 'phases/read-only.ts',
    find: "final: disarmedSettings(settings, observed, 'new', buildId(build)),",
    replace:
      "final: { ...disarmedSettings(settings, observed, 'new', buildId(build)), connectionStrings: observed.production.connectionStrings, appSettings: { ...disarmedSettings(settings, observed, 'new', buildId(build)).appSettings, WEBJOBS_STOPPED: '0' } },",
    path: 'clone read-only',
    only: NOTHING,
  },
  {
    name: 'overwritten-copy-goes-on',
    wrong: 'Settings that somebody wrote over those of the copy are not told from a swap by hand.',
    file: 'deployment/overwritten.ts',
    find: 'return copyLostMarker(look) ||',
    replace: 'return (copyLostMarker(look) && false) ||',
    path: `${WINDOW} deploy`,
    only: 'deploy#0/operator-rewrites-settings$',
  },
  {
    name: 'live-build-goes-on',
    wrong: 'The live build is not stopped in the window.',
    file: 'apply/slots.ts',
    find: "    case 'stop-slot':\n      await untilNobodyComes(",
    replace:
      "    case 'stop-slot':\n      if (scene.observed.record?.windowOpenedAt) return {};\n      await untilNobodyComes(",
    path: WINDOW,
    only: NOTHING,
  },
];
