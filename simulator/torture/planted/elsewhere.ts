import { NOTHING, type Planted, WINDOW } from './mistake.ts';

/** The copy's connection string is not where it was looked for, or a secret goes where it must not. */
export const elsewhere: readonly Planted[] = [
  {
    name: 'silence-is-proof',
    wrong: 'A copy that nobody saw in the clone is taken for proven, however the way there became known.',
    file: 'apply/separation.ts',
    find: ' ?? newcomer(scene, copies, others, unseen) ?? onlySaid(scene, unseen);',
    replace: ';',
    scenario: 'astray',
    path: 'clone read-only:astray',
    only: NOTHING,
  },
  {
    name: 'newcomer-is-nobody',
    wrong: 'Whoever came to an original since the copy was started is taken for somebody else.',
    file: 'apply/separation.ts',
    find: ' ?? newcomer(scene, copies, others, unseen)',
    replace: '',
    scenario: 'astray-in-spite',
    path: 'clone read-only:astray',
    only: NOTHING,
  },
  {
    name: 'blind-copy-goes-on',
    wrong: 'A copy that nobody can see working on an original, for want of a permission, goes on running.',
    file: 'apply/proofs.ts',
    find: 'if (isMade && blind instanceof Stop',
    replace: 'if (!isMade && blind instanceof Stop',
    scenario: 'astray',
    path: 'clone read-only:astray',
    only: 'read-only:astray#0/operator-takes-view-away$',
  },
  {
    name: 'astray-copy-goes-on',
    wrong: 'A copy that works on the original is told, and goes on working there.',
    file: 'phases/astray.ts',
    find: "?.state === 'Running'",
    replace: "?.state === 'Paused'",
    scenario: 'astray',
    path: 'clone read-only:astray',
    only: NOTHING,
  },
  {
    name: 'secret-into-new-build',
    wrong: 'The new build gets what production’s references stand for, in plain text.',
    file: 'deployment/instances.ts',
    find: '    connectionStrings: withNewStrings(settings, observed, live.connectionStrings),\n',
    replace:
      '    connectionStrings: Object.fromEntries(Object.entries(live.connectionStrings).map(([name, one]) => [name, { ...one, value: live.secrets?.[one.value]?.value ?? one.value }])),\n',
    scenario: 'vault',
    path: `${WINDOW} deploy`,
    only: NOTHING,
  },
  {
    name: 'start-of-another-run-is-trusted',
    wrong:
      'A copy that a run before has started and not proven is proven as it runs: whoever is in an original may have been there before.',
    file: 'phases/read-only.ts',
    find: 'if (copy.length > 0 || slot === null || record?.readOnlyReady !== undefined) return copy;',
    replace: 'if (copy.length >= 0 || slot === null || record?.readOnlyReady !== undefined) return copy;',
    scenario: 'astray-in-spite',
    path: 'clone read-only:astray',
    only: 'read-only:astray#\\d+/dropped-before$',
  },
];
