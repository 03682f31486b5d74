import { type Planted, WINDOW } from './mistake.ts';

/** Somebody is sent in a circle, or gets out of it at a price that nobody named. */
export const waysOut: readonly Planted[] = [
  {
    name: 'refused-restore-locks',
    wrong: 'A rollback of the database that Azure refuses for good lets no other phase begin.',
    file: 'deployment/restored.ts',
    find: "if (underWay?.databases !== 'moving') return false;",
    replace: "if (underWay?.databases !== 'settled') return false;",
    also: [
      {
        file: 'apply/restore.ts',
        find: '!staysRefused(error.azure) || !isUnmoved(observed)',
        replace: '!staysRefused(error.azure)',
      },
    ],
    path: `${WINDOW} deploy rollback:database`,
    only: 'rollback:database#0/operator-fills-server$',
  },
  {
    name: 'advice-in-a-circle',
    wrong: 'Who is refused a rollback of the database is sent to that of the code, and from there back.',
    file: 'phases/rollback-safety.ts',
    find: "? '' : ' and accept-data-loss: true';",
    replace: "? '' : '';",
    also: [
      {
        file: 'phases/rollback-safety.ts',
        find: "' and ignore-schema: true when the live build can work with the databases as they are'",
        replace: "''",
      },
    ],
    path: `${WINDOW} deploy validate complete cleanup`,
    only: 'cleanup#0/out-of-turn-rollback:database$',
  },
  {
    name: 'auto-loses-writes',
    wrong: 'A rollback that decides by itself restores the database although visitors have written to it.',
    file: 'phases/rollback-scope.ts',
    find: "return lossByRestore(observed, record) === undefined ? 'code-and-database' : 'code';",
    replace: "return 'code-and-database';",
    also: [
      {
        file: 'phases/rollback-safety.ts',
        find: 'if (since !== undefined && !settings.acceptDataLoss) {',
        replace: 'if (since === "never" && !settings.acceptDataLoss) {',
      },
    ],
    path: `${WINDOW} deploy validate complete cleanup`,
    only: 'cleanup#\\d+/out-of-turn-rollback:auto$',
  },
  {
    name: 'plan-is-scaled-down',
    wrong: 'A plan that has room for the slots is brought to the size of the input, which may be a smaller one.',
    file: 'apply/scale-plan.ts',
    find: "if (can.kind === 'needless') {",
    replace: "if (can.kind === 'needless' && slots.length > 99) {",
    scenario: 'people',
    path: WINDOW,
    only: 'read-only#0/undisturbed$',
  },
  {
    name: 'slots-before-production-is-back',
    wrong: 'Slots are made as soon as Azure says that the plan is scaled, while production does not answer.',
    file: 'apply/await-production.ts',
    find: 'while (clock.now() - badAt < QUIET_MS) {',
    replace: 'while (clock.now() < badAt) {',
    scenario: 'basic',
    path: WINDOW,
    only: 'read-only#0/undisturbed$',
  },
  {
    name: 'scaled-by-the-dead-is-ready',
    wrong:
      'A run that finds the plan scaled makes the slots at once, while production does not answer: who scaled it was killed.',
    file: 'apply/scale-plan.ts',
    find: 'step.sku && slots.length === 0)',
    replace: 'step.sku && slots.length > 99)',
    scenario: 'basic',
    path: 'clone read-only',
    only: 'read-only#\\d+/killed-after$',
  },
  {
    name: 'put-off-for-good',
    wrong: 'Nobody turns auto-swap of the team’s slot on again, and its setting stays no slot setting.',
    file: 'phases/cleanup.ts',
    find: '      resumeSteps(observed),\n',
    replace: '',
    scenario: 'put-off',
    path: 'clone read-only cleanup',
    only: 'cleanup#0/undisturbed$',
  },
  {
    name: 'put-off-unrecorded',
    wrong: 'What is put off is recorded nowhere: nobody can put it back.',
    file: 'phases/suspended.ts',
    find: 'all.length > recorded.length && recordFields(',
    replace: 'all.length < 0 && recordFields(',
    scenario: 'put-off',
    path: WINDOW,
    only: 'read-only#0/undisturbed$',
  },
];
