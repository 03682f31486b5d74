/** A mistake put into the action on purpose: text of its files, replaced as they are loaded. Nothing is written. */
export interface Planted extends Edit {
  readonly name: string;
  /** What the action does wrong, as a sentence. */
  readonly wrong: string;
  /** Where the mistake alone would be caught by the action itself: the guards that are missing as well. */
  readonly also?: readonly Edit[];
  /** Where the harness must notice it: stages, and which of their cases. */
  readonly path: string;
  readonly only: string;
  /** Default `one`. */
  readonly scenario?: string;
}

export interface Edit {
  /** Below `src/`. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
}

const WINDOW = 'clone read-only switch';
const NOTHING = '#0/undisturbed$';

export const planted: readonly Planted[] = [
  {
    name: 'swap-is-repeated',
    wrong: 'The POST of a swap is sent again when no answer came.',
    file: 'azure/swap.ts',
    find: "repeat: 'once',",
    replace: "repeat: 'read',",
    path: WINDOW,
    only: 'switch#\\d+/late-60$',
  },
  {
    name: 'swap-is-not-settled',
    wrong: 'A swap that shows nothing yet counts as not happened.',
    file: 'apply/swap-outcome.ts',
    find: 'if (ended || (evidence.wroteAt !== undefined && evidence.wroteAt >= settled)) {',
    replace: 'if (ended || last.at > 0) {',
    scenario: 'swift',
    path: WINDOW,
    only: 'switch#\\d+/(swap-late|killed-swap-late)',
  },
  {
    name: 'intent-is-not-written',
    wrong: 'The intent of a swap is not recorded.',
    file: 'apply/swap.ts',
    find: 'await writeRecord(scene, { ...fields, intent, swaps: number });',
    replace: 'await writeRecord(scene, { ...fields, swaps: number });',
    path: WINDOW,
    only: 'switch#\\d+/(undisturbed|killed-after)',
  },
  {
    name: 'point-before-quiet',
    wrong: 'The rollback point is taken while the live build still writes.',
    file: 'phases/switch.ts',
    find: 'const pointTaken = record?.rollbackPoint !== undefined && !isOutdated;',
    replace:
      "const pointTaken = record?.rollbackPoint !== undefined && !isOutdated;\n  if (!pointTaken && !ahead) return [[{ kind: 'take-rollback-point', databases: names, because: 'planted' }]];",
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'stopped-means-quiet',
    wrong: 'An app that is stopped counts as quiet.',
    file: 'apply/quiet.ts',
    find: 'await Promise.all(step.databases.map((name) => proveSql(scene, name)));\n  const left',
    replace: 'if (step.setReadOnly) return { quiet: true };\n  const left',
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'original-stays-open',
    wrong: 'A quiet original is not set READ_ONLY, so that a writer who comes every five minutes gets in.',
    file: 'apply/quiet.ts',
    find: 'if (await closed(scene, database)) return',
    replace: 'if (database) return',
    scenario: 'regular',
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'blind-view-counts',
    wrong: 'A list of sessions that shows only our own, for want of a permission, counts as quiet.',
    file: 'apply/session-view.ts',
    find: 'return await databases.use(database, (connection) => seesOthers(connection, second));',
    replace: 'return (await databases.use(database, (connection) => seesOthers(connection, second))) || true;',
    path: WINDOW,
    only: 'switch#0/foreign-takes-view-away$',
  },
  {
    name: 'point-by-runners-clock',
    wrong: "The rollback point is taken from the runner's clock.",
    file: 'apply/quiet.ts',
    find: 'const rollbackPoint = times.toSorted().at(-1);',
    replace:
      'const rollbackPoint = times.length > 0 ? new Date(scene.context.ports.clock.now()).toISOString() : undefined;',
    path: `${WINDOW} deploy rollback:database`,
    only: NOTHING,
  },
  {
    name: 'cleanup-while-serving',
    wrong: 'Cleanup does not look whether the clone serves visitors.',
    file: 'phases/cleanup.ts',
    find: '  refuseWhileServing(observed);\n',
    replace: '',
    path: `${WINDOW} deploy`,
    only: 'out-of-turn-cleanup',
  },
  {
    name: 'restored-is-deleted',
    wrong: "Cleanup deletes every database that bears the deployment's tag, the restored one too.",
    file: 'phases/cleanup-databases.ts',
    find: `  return observed.ours.filter(
    (database) =>
      database.name !== observed.recordDatabase &&
      database.tags['zdd-deployment'] === observed.deploymentId &&
      isMade(observed, database),
  );`,
    replace: `  return [...observed.ours, ...observed.databases.flatMap((pair) => pair.underName ?? [])].filter(
    (database) =>
      database.name !== observed.recordDatabase &&
      database.tags['zdd-deployment'] === observed.deploymentId &&
      parseName(database.name)?.kind !== 'set-aside',
  );`,
    also: [
      {
        file: 'apply/removal.ts',
        find: 'if (isNamedIn(production, step.database)) {',
        replace: "if (step.database === '') {",
      },
      {
        file: 'apply/removal.ts',
        find: "if (now.status === 'Online') await refuseWithSessions(scene, step.database);",
        replace: '',
      },
    ],
    path: `${WINDOW} deploy rollback:database validate complete cleanup`,
    only: NOTHING,
  },
  {
    name: 'set-aside-is-deleted',
    wrong: 'Cleanup deletes the database that a rollback has set aside, which was an original.',
    file: 'phases/cleanup-databases.ts',
    find: "if (parseName(database.name)?.kind === 'set-aside') return false;\n  return observed.databases.every(",
    replace: "if (parseName(database.name)?.kind === 'set-aside') return true;\n  return observed.databases.every(",
    path: `${WINDOW} deploy rollback:database validate complete cleanup`,
    only: NOTHING,
  },
  {
    name: 'settings-into-production',
    wrong: 'The settings of the read-only copy are written to production.',
    file: 'apply/slots.ts',
    find: 'const id = slotId(scene.context.app, step.slot);',
    replace: "const id = slotId(scene.context.app, step.kind === 'write-settings' ? 'production' : step.slot);",
    path: 'clone read-only',
    only: NOTHING,
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
    file: 'deployment/instances.ts',
    find: 'return windowOpen(observed) && observed.readonlySlot ? observed.readonlySlot : observed.production;',
    replace: 'return observed.production;',
    path: `${WINDOW} deploy validate complete`,
    only: NOTHING,
  },
  {
    name: 'staging-is-armed-early',
    wrong: 'The new build gets its real settings before the window.',
    file: 'phases/read-only.ts',
    find: "final: disarmedSettings(settings, observed, 'new', sha256),",
    replace:
      "final: { ...disarmedSettings(settings, observed, 'new', sha256), connectionStrings: observed.production.connectionStrings, appSettings: { ...disarmedSettings(settings, observed, 'new', sha256).appSettings, WEBJOBS_STOPPED: '0' } },",
    path: 'clone read-only',
    only: NOTHING,
  },
  {
    name: 'live-build-goes-on',
    wrong: 'The live build is not stopped in the window.',
    file: 'apply/slots.ts',
    find: "    case 'stop-slot':\n      await stopSite(arm, id);",
    replace:
      "    case 'stop-slot':\n      if (scene.observed.record?.windowOpenedAt) return {};\n      await stopSite(arm, id);",
    path: WINDOW,
    only: NOTHING,
  },
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
    name: 'turn-is-not-taken',
    wrong: 'A phase changes the deployment although another run is at it.',
    file: 'run-phase.ts',
    find: "if (!phase.changes || phase.name === 'clone' ||",
    replace: "if (phase.changes || phase.name === 'clone' ||",
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
    name: 'creates-without-looking',
    wrong: 'A restore is asked for without looking whether its name is taken.',
    file: 'apply/restore.ts',
    find: '  if (await getDatabase(arm, server.id, step.target)) return {};\n',
    replace: '',
    path: `${WINDOW} deploy rollback:database`,
    only: 'rollback:database#\\d+/name-taken$',
  },
  {
    name: 'lock-by-name-only',
    wrong: 'Only deployments of an app of the same name are in the way, and not those of the same database.',
    file: 'observe/join.ts',
    find: 'records.filter(({ record }) => record.app === app || overlaps(record, originals))',
    replace: 'records.filter(({ record }) => record.app === app)',
    path: 'clone',
    only: '#0/foreign-claims-database$',
  },
  {
    name: 'verdict-of-another-attempt',
    wrong: 'A verdict holds for whatever attempt: the marker is not among what it is bound to.',
    file: 'deployment/verdict.ts',
    find: "const BONDS: readonly Bond[] = ['marker', ",
    replace: 'const BONDS: readonly Bond[] = [',
    scenario: 'code-only',
    path: `${WINDOW} deploy validate rollback:code deploy complete:early`,
    only: 'complete:early#0/foreign-brings-verdict-back$',
  },
  {
    name: 'verdict-of-another',
    wrong: 'A verdict holds for whatever candidate there is now.',
    file: 'phases/complete-verdict.ts',
    find: 'if (changed.length === 0 || isOutOfSight(settings, observed)) return;',
    replace: 'if (changed.length >= 0) return;',
    path: `${WINDOW} deploy validate complete`,
    only: 'complete#0/foreign-changes-candidate',
  },
  {
    name: 'ill-build-stays',
    wrong: 'A new build that turns ill in the soak is not taken back.',
    file: 'phases/complete.ts',
    find: 'return backToCopy(observed, record);',
    replace: "throw new Stop('failed', 'The candidate turned ill in the soak.', 'Mend it.');",
    scenario: 'sick',
    path: `${WINDOW} deploy:sick validate complete:ill`,
    only: NOTHING,
  },
  {
    name: 'restore-to-now',
    wrong: 'The restore goes back to the instant of the rollback and not to the rollback point.',
    file: 'phases/rollback-restore.ts',
    find: "const point = settings.rollbackPoint ?? record.rollbackPoint ?? '';",
    replace: 'const point = observed.now;',
    path: `${WINDOW} deploy rollback:database`,
    only: NOTHING,
  },
  {
    name: 'log-shows-password',
    wrong: 'A connection string is written to the log.',
    file: 'apply/slots.ts',
    find: '  refuseProduction(step.slot);\n  const { arm }',
    replace: '  refuseProduction(step.slot);\n  scene.context.ports.log.debug(JSON.stringify(step));\n  const { arm }',
    path: 'clone read-only',
    only: NOTHING,
  },
];

export function plantedNamed(name: string): Planted {
  const found = planted.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`There is no planted fault ${name}.`);
}
