import { NOTHING, type Planted, WINDOW } from './mistake.ts';

/** Data is lost, or a database is taken for what it is not. */
export const databases: readonly Planted[] = [
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
    find: "async function awaitQuiet(scene: Scene, step: StepOf<'await-quiet'>): Promise<Change> {\n  const left",
    replace:
      "async function awaitQuiet(scene: Scene, step: StepOf<'await-quiet'>): Promise<Change> {\n  if (step.setReadOnly) return done(step);\n  const left",
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
    find: 'return await databases.use(database, (connection) => seesSession(connection, sessionId));',
    replace: 'return (await databases.use(database, (connection) => seesSession(connection, sessionId))) || true;',
    also: [{ file: 'preflight/inside.ts', find: 'seesOthers: sees,', replace: 'seesOthers: true,' }],
    path: WINDOW,
    only: 'switch#0/operator-takes-view-away$',
  },
  {
    name: 'closed-again-is-untouched',
    wrong:
      'Originals that somebody has closed after a deploy that failed count as untouched, and visitors are sent back to them at once.',
    file: 'deployment/untouched.ts',
    find: 'newBuilds(observed).every((slot) => isDisarmed(slot, observed)) &&',
    replace: '',
    scenario: 'unhealthy',
    path: `${WINDOW} deploy:dead deploy:fixed`,
    only: 'deploy:fixed#0/operator-closes-original$',
  },
  {
    name: 'arming-comes-late',
    wrong:
      'A rollback does not wait for what a deploy that was cut off has sent last: its build is armed behind the live build.',
    file: 'phases/rollback.ts',
    find: '    awaitNewBuild(observed, record),\n',
    replace: '',
    path: `${WINDOW} deploy`,
    only: 'switch.deploy#\\d+/killed-late-60-then-rollback:code$',
  },
  {
    name: 'half-migrated-is-untouched',
    wrong: 'The same of a migration that broke half-way, which is not recorded before it begins.',
    file: 'phases/deploy.ts',
    find: '...(migrate.length > 0 && !disarms ? lets : []),',
    replace: '',
    scenario: 'command',
    path: `${WINDOW} deploy:half deploy`,
    only: 'deploy#0/operator-closes-original$',
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
    name: 'restored-is-deleted',
    wrong: "Cleanup deletes every database that has the deployment's tag, the restored one too.",
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
    name: 'creates-without-looking',
    wrong: 'A restore is asked for without looking whether its name is taken.',
    file: 'apply/new-restore.ts',
    find: '  if (await getDatabase(arm, ...at)) return;\n',
    replace: '',
    path: `${WINDOW} deploy rollback:database`,
    only: 'rollback:database#\\d+/name-taken$',
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
    name: 'prepared-of-another-instant',
    wrong: 'What was restored ahead of a rollback is used although another rollback point was taken since.',
    file: 'deployment/prepared-restore.ts',
    find: "  if (prepared.tags[RESTORED_TO] !== point) return 'other-point';\n",
    replace: '',
    scenario: 'prepared',
    path: `${WINDOW} rollback:code switch deploy rollback:database`,
    only: NOTHING,
  },
  {
    name: 'point-stays-when-sent-back',
    wrong:
      'Visitors return to the live build before "deploy", and the rollback point that lies before their writes stays.',
    file: 'phases/send-back.ts',
    find: 'const gone = { rollbackPoint, deployBegun,',
    replace: 'const gone = { deployBegun,',
    path: `${WINDOW} rollback:code`,
    only: NOTHING,
  },
  {
    name: 'prepared-makes-room',
    wrong: "A stranger's database of the name of a prepared restore makes room for it.",
    file: 'phases/prepare-rollback.ts',
    find: "new Set(['ready', 'under-way', 'foreign'])",
    replace: "new Set(['ready', 'under-way'])",
    also: [
      {
        file: 'apply/removal.ts',
        find: 'if (now.databaseId !== step.databaseId || !ours) {',
        replace: "if (now.databaseId !== step.databaseId || (!ours && now.name === '')) {",
      },
    ],
    scenario: 'prepared',
    path: WINDOW,
    only: 'switch#0/operator-takes-prepared-name$',
  },
  {
    name: 'replica-is-not-asked-for-again',
    wrong: 'A replica that came after the copy was made is not looked for before the database is changed.',
    file: 'preflight/checks.ts',
    find: "again: ['clone', 'switch', 'deploy', 'rollback'],\n    check: checkReplication",
    replace: "again: ['clone', 'switch'],\n    check: checkReplication",
    path: `${WINDOW} deploy`,
    only: 'deploy#0/operator-replicates-original$',
  },
  {
    name: 'lock-ends-green',
    wrong: 'Cleanup ends green although a lock keeps what it should delete.',
    file: 'phases/cleanup.ts',
    find: 'if (steps.length > 0 || name === undefined) return steps;',
    replace: 'if (steps.length >= 0 || name === undefined) return steps;',
    path: 'clone cleanup',
    only: 'cleanup#0/operator-locks-group$',
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
    name: 'content-is-asked-once',
    wrong: 'A connection that is lost while the checksums of the copy are read leaves it without any.',
    file: 'apply/copy-content.ts',
    find: 'context.databases.look(database, (connection) => contentOf(connection));',
    replace: 'context.databases.use(database, (connection) => contentOf(connection));',
    path: 'clone',
    only: 'clone#\\d+/(dropped-before|all-connections-lost)$',
  },
];
