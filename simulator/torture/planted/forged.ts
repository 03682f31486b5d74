import { type Planted, WINDOW } from './mistake.ts';

/** What stands in a tag is believed, or what a watchdog is for is not looked at. */
export const forged: readonly Planted[] = [
  {
    name: 'turned-verdict-counts',
    wrong: 'A verdict is not bound to its result: whoever writes tags turns a failed one.',
    file: 'deployment/verdict.ts',
    find: '      result,\n      sorted(withoutMarker(slot)),',
    replace: '      result === undefined,\n      sorted(withoutMarker(slot)),',
    scenario: 'code-only',
    path: `${WINDOW} deploy validate:failing complete:early`,
    only: 'complete:early#0/operator-turns-verdict$',
  },
  {
    name: 'recorded-slot-is-ours',
    wrong: 'Whatever slot the record names is taken for one of ours.',
    file: 'deployment/slots.ts',
    find: 'return slot.tags[SLOT_TAG] !== undefined || slot.marker?.deploymentId === deploymentId;',
    replace: "return slot.name !== 'production' || slot.tags[SLOT_TAG] !== deploymentId;",
    path: `${WINDOW} deploy validate complete cleanup`,
    only: 'cleanup#0/operator-names-foreign-slot$',
  },
  {
    name: 'watchdog-sees-no-site',
    wrong: 'Status ends green while production answers 500.',
    file: 'phases/status.ts',
    find: 'if (!thisRun.production) return other;',
    replace: 'if (thisRun.production !== undefined) return other;',
    path: `${WINDOW} deploy validate status`,
    only: 'status#0/operator-sickens-production$',
  },
];
