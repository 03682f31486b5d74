/** A mistake that somebody thought of and nothing noticed at the time: it must be noticed for ever. */
interface Named {
  readonly name: string;
  /** The tests that notice it: a file below __tests__/. */
  readonly by: string;
  /** Below src/. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const NAMED: readonly Named[] = [
  {
    name: 'swap by hand is no data loss',
    by: 'in-process/rollback-point',
    file: 'phases/rollback-safety.ts',
    find: "if (record.visitorsOnOriginalSince !== undefined || serving(observed) !== 'candidate') {",
    replace: 'if (true) {',
  },
  {
    name: 'earlier point allowed when none is recorded',
    by: 'phases/rollback-safety',
    file: 'phases/rollback-safety.ts',
    find: 'const until = record.rollbackPoint ?? record.windowOpenedAt;',
    replace: 'const until = record.rollbackPoint;',
  },
  {
    name: 'sticky names compared with case',
    by: 'swap/simulate',
    file: 'swap/simulate.ts',
    find: 'const sticky = new Set(stickyNames.map((name) => name.toLowerCase()));',
    replace: 'const sticky = new Set(stickyNames);',
  },
  {
    name: 'a lost connection still holds the lease',
    by: 'context/lease',
    file: 'context/lease.ts',
    find: `cause = error;
        return false;`,
    replace: `cause = error;
        return true;`,
  },
  {
    name: 'healthy answers need not be in a row',
    by: 'zoo/flapping',
    file: 'apply/proofs.ts',
    find: 'healthy = wrong === undefined ? healthy + 1 : 0;',
    replace: 'healthy = wrong === undefined ? healthy + 1 : healthy;',
  },
  {
    name: 'last resort needs sight',
    by: 'in-process/blind',
    file: 'apply/proofs.ts',
    find: 'if (lastResort !== undefined) return { unproven: doubts };',
    replace: '',
  },
  {
    name: 'slot without access restrictions',
    by: 'in-process/made-slots',
    file: 'apply/create-slot.ts',
    find: "  'ipSecurityRestrictions',\n",
    replace: '',
  },
  {
    name: 'clone connections are not masked',
    by: 'inputs/secrets',
    file: 'inputs/secrets.ts',
    find: "'clone-connection-settings', ",
    replace: '',
  },
  {
    name: 'live build that failed in a rollback is no other writer',
    by: 'phases/deploy-attempt',
    file: 'phases/deploy-attempt.ts',
    find: "(candidate?.role === 'live' || rollbackUnderWay?.databases === 'settled')",
    replace: "candidate?.role === 'live'",
  },
  {
    name: 'looks from before the write count',
    by: 'in-process/failed-swap',
    file: 'swap/carry-out.ts',
    find: '      looks.length = 0;\n',
    replace: '',
  },
  {
    name: 'validate does not look into the clones',
    by: 'in-process/evidence',
    file: 'settings/phases.ts',
    find: `    forReviewers: true,
    changes: true,
    watches: true,
    looksInside: ['originals', 'clones', 'schema'],
`,
    replace: `    forReviewers: true,
    changes: true,
    watches: true,
    looksInside: ['originals', 'schema'],
`,
  },
  {
    name: 'earliest clock is the rollback point',
    by: 'in-process/clocks-apart',
    file: 'apply/quiet.ts',
    find: 'times.toSorted().at(-1)',
    replace: 'times.toSorted().at(0)',
  },
  {
    name: 'restore forgets the backup redundancy',
    by: 'in-process/rollback-point',
    file: 'apply/new-restore.ts',
    find: '    ...(source.backupStorageRedundancy ? { backupStorageRedundancy: source.backupStorageRedundancy } : {}),\n',
    replace: '',
  },
  {
    name: 'originals that could not be read count as open',
    by: 'phases/between-builds',
    file: 'phases/complete.ts',
    find: 'filter((name) => observed.sql[name]?.readOnly !== false)',
    replace: 'filter((name) => observed.sql[name]?.readOnly === true)',
  },
  {
    name: 'WebJobs of the live build run on in a restore',
    by: 'phases/between-builds',
    file: 'phases/rollback-builds.ts',
    find: "    !isDone(observed, 'stop-webjobs', live.name) && stopWebJobs(live.name),\n",
    replace: '',
  },
  {
    name: 'runs outside GitHub are all the same run',
    by: 'deployment/join',
    file: 'observe/join.ts',
    find: ' && !/^\\/*\\d*$/.test(one)',
    replace: '',
  },
  {
    name: 'lost successor: the failed database is the original',
    by: 'in-process/taken-away',
    file: 'observe/pairs.ts',
    find: '(byId(identity.successorId) ?? null)',
    replace: '(byId(identity.successorId) ?? source)',
  },
  {
    name: 'changed is told only after success',
    by: 'in-process/several-failures',
    file: 'run-phase.ts',
    find: `    changed ||= batch.some(changesSomething);
    thisRun = await apply({ context, settings, observed: look }, batch);
`,
    replace: `    thisRun = await apply({ context, settings, observed: look }, batch);
    changed ||= batch.some(changesSomething);
`,
  },
  {
    name: 'a clone that is gone is shown as there',
    by: 'summary/told',
    file: 'summary/whereabouts.ts',
    find: "cloned.clone ? 'clone' : 'clone, which is GONE'",
    replace: "'clone'",
  },
  {
    name: 'command not in the fingerprint of an attempt',
    by: 'phases/deploy-attempt',
    file: 'phases/deploy-attempt.ts',
    find: "        settings.migrateCommand ?? '',\n",
    replace: '',
  },
  {
    name: 'first attempt never waits for quiet',
    by: 'phases/between-builds',
    file: 'phases/deploy-databases.ts',
    find: 'record.attempt === 0 || (record.attempt === 1 && observed.thisRun.begun === 1)',
    replace: 'record.attempt <= 1',
  },
  {
    name: 'sql proven only after the swap',
    by: 'phases/between-builds',
    file: 'phases/switch.ts',
    find: "[...checkAgain('switch', settings, observed), ...proveSql(observed, names)],",
    replace: "checkAgain('switch', settings, observed),",
  },
  {
    name: 'a late arming of another app is not waited for',
    by: 'phases/cut-off',
    file: 'phases/cut-off.ts',
    find: 'const isReady = newBuilds(observed).some(',
    replace: 'const isReady = [observed.stagingSlot].some(',
  },
  {
    name: 'only the new build of the first app counts',
    by: 'phases/bring-back',
    file: 'deployment/untouched.ts',
    find: "return [stagingSlot, ...companions.flatMap(({ does, look }) => (does === 'build' ? [look.stagingSlot] : []))];",
    replace: 'return [stagingSlot];',
  },
  {
    name: 'what Azure has answered is outlasted',
    by: 'run-phase',
    file: 'outlast.ts',
    find: 'error.passes || (error.azure === undefined && isPassing(error.cause))',
    replace: 'error.passes || isPassing(error.cause)',
  },
  {
    name: 'a prepared restore may differ below a millisecond',
    by: 'deployment/prepared-restore',
    file: 'deployment/prepared-restore.ts',
    find: 'prepared.tags[RESTORED_TO] !== point',
    replace: "Date.parse(prepared.tags[RESTORED_TO] ?? '') !== Date.parse(point ?? '')",
  },
  {
    name: 'what was written to the first copy alone is kept',
    by: 'apply/lost-writes',
    file: 'apply/lost-writes.ts',
    find: 'for (const pair of observed.databases) databases',
    replace: 'for (const pair of observed.databases.slice(0, 1)) databases',
  },
  {
    name: 'live builds of other apps run on in a restore',
    by: 'phases/rollback-builds',
    file: 'phases/rollback-builds.ts',
    find: "    quiet ? [] : stopLiveBuilds(observed, 'its database may be taken away under it'),\n",
    replace: '',
  },
  {
    name: 'another build of another app is the same attempt',
    by: 'phases/deploy-attempt',
    file: 'phases/deploy-attempt.ts',
    find: "[key, build ?? '']",
    replace: '[key]',
  },
];
