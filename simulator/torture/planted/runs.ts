import { NOTHING, type Planted, WINDOW } from './mistake.ts';

/** Runs are not kept apart, or leave something behind. */
export const runs: readonly Planted[] = [
  {
    name: 'attempt-rises-by-itself',
    wrong: 'A mere re-run of deploy is another attempt.',
    file: 'phases/deploy-attempt.ts',
    find: 'const fresh = record.fingerprint !== fingerprint || refused || afterRollback;',
    replace: 'const fresh = record.candidate === undefined || refused || afterRollback;',
    path: `${WINDOW} deploy`,
    only: 'deploy#\\d+/killed-before',
  },
  {
    name: 'rule-is-not-announced',
    wrong: 'The post step is not told of a firewall rule that is opened.',
    file: 'azure/sql-access.ts',
    find: '    options.onOpening(rule);\n',
    replace: '',
    path: 'clone',
    only: 'clone#\\d+/ended',
  },
  {
    name: 'lease-is-not-taken',
    wrong: 'A phase changes the deployment although another run is at it.',
    file: 'run-phase.ts',
    find: 'if (!phase.changes || phase.claims ||',
    replace: 'if (phase.changes || phase.claims ||',
    path: WINDOW,
    only: 'switch#\\d+/second-run',
  },
  {
    name: 'lock-is-not-looked-at',
    wrong: "Another run's claim is not looked for.",
    file: 'phases/lock.ts',
    find: 'const { record, others, deploymentId } = observed;',
    replace: 'const { record, deploymentId } = observed;\n  const others: Other[] = [];',
    path: 'clone',
    only: 'clone#\\d+/second-deployment',
  },
  {
    name: 'lock-by-name-only',
    wrong: 'Only deployments of an app of the same name are in the way, and not those of the same database.',
    file: 'observe/join.ts',
    find: 'records.filter(({ record }) => concerns(record, app, originals))',
    replace: 'records.filter(({ record }) => record.app === app)',
    path: 'clone',
    only: '#0/operator-claims-database$',
  },
  {
    name: 'log-shows-password',
    wrong: 'A connection string is written to the log.',
    file: 'apply/slots.ts',
    find: '  refuseProduction(id);\n',
    replace: '  refuseProduction(id);\n  scene.context.ports.log.debug(JSON.stringify(step));\n',
    path: 'clone read-only',
    only: NOTHING,
  },
];
