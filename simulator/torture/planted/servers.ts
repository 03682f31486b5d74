import { NOTHING, type Planted, WINDOW } from './mistake.ts';

const scenario = 'servers';

/** Two databases of the same name, on two servers, are taken for one another. */
export const servers: readonly Planted[] = [
  {
    name: 'signs-in-to-one-server',
    wrong: 'Every database is looked for on the first server, where another one has its name.',
    file: 'run.ts',
    find: 'on === undefined ? known.servers?.[0] : known.servers?.find(({ facts }) => sameName(facts.name, on));',
    replace: "sameName(on, 'none') ? undefined : known.servers?.[0];",
    scenario,
    path: WINDOW,
    only: NOTHING,
  },
  {
    name: 'copies-the-namesake',
    wrong: 'The clone is made of the database that has the same name on the first server.',
    file: 'apply/copies.ts',
    find: 'const source = await getDatabase(arm, ...placeOf(observed, step.database));',
    replace: 'const source = await getDatabase(arm, ...placeOf(observed, bareName(step.database)));',
    scenario,
    path: 'clone',
    only: NOTHING,
  },
  {
    name: 'restores-the-namesake',
    wrong: 'A rollback brings back the content of the database that has the same name on the first server.',
    file: 'apply/restore.ts',
    find: 'const source = await getDatabase(scene.context.arm, ...placeOf(scene.observed, step.database));',
    replace:
      'const source = await getDatabase(scene.context.arm, ...placeOf(scene.observed, bareName(step.database)));',
    scenario,
    path: `${WINDOW} deploy rollback:database`,
    only: NOTHING,
  },
  {
    name: 'status-is-calm-amid-a-rollback',
    wrong: 'Whoever looks between the two renames of a rollback that was killed is told that nobody has to act.',
    file: 'summary/duty.ts',
    find: "return 'Somebody must act: a rollback has not ended.';",
    replace: "return 'Nobody has to act: a rollback has not ended.';",
    scenario,
    path: `${WINDOW} deploy rollback:database`,
    only: 'rollback:database#\\d+/killed-late-60-then-status$',
  },
];
