import { expect, test } from '@jest/globals';
import { runAz } from './az.ts';
import { accessBreaks } from './breaks/access.ts';
import { buildBreaks } from './breaks/build.ts';
import { connectionBreaks } from './breaks/connections.ts';
import { databaseBreaks } from './breaks/databases.ts';
import { decisionBreaks } from './breaks/decisions.ts';
import { sessionBreaks } from './breaks/sessions.ts';
import { slotBreaks } from './breaks/slots.ts';
import { fineWorld, notFine, preflight } from './fine-world.ts';

const breaks = [
  ...slotBreaks,
  ...connectionBreaks,
  ...buildBreaks,
  ...databaseBreaks,
  ...accessBreaks,
  ...sessionBreaks,
  ...decisionBreaks,
];

/** Why a printed command is not done here: it only shows what a person must know, or its effect is not part of the simulator. */
const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [/<[^<>]+>/, 'a person must put something in'],
  [/; /, 'what follows is for a person'],
  [/^az role assignment/, 'the roles of README.md are made by a person: role.test.ts gives them one by one'],
  [/^az \S+( \S+)* (list|show)\b/, 'it shows what a person decides by'],
  [/^az (appservice plan|sql elastic-pool) update/, 'plans and pools are only looked at by the model'],
  [/^az sql (db replica|failover-group)/, 'replicas are only looked at by the model'],
  [/^az webapp webjob triggered remove/, 'jobs go with the files of a build'],
  [/^az storage account/, 'storage is only looked at by the model'],
  [/az network private-endpoint/, 'networks are not modelled'],
  [
    /^az webapp (config container set|deployment container|sitecontainers)/,
    'containers are only looked at by the model',
  ],
];

const tried = breaks.filter(({ shows }) => Object.keys(shows).length > 0);

test.each(tried)('the commands that preflight prints, once they are run, are enough: $what', async (each) => {
  const fine = fineWorld();
  each.breaks?.(fine);
  const before = await preflight(fine, each.inputs, each.from);
  const done = before.filter(({ verdict, fix }) => verdict !== 'passed' && fix !== undefined && isRunHere(fix));
  // Nothing was done: the same table would be made again.
  if (done.length === 0) return;
  for (const { fix = '' } of done) runAz(fine.world, fix);
  const after = Object.keys(notFine(await preflight(fine, each.inputs, each.from)));
  expect(after.filter((line) => done.some(({ verdict, name }) => line === `${verdict} ${name}`))).toEqual([]);
});

test('most of the commands that change something are run', () => {
  const printed = breaks.flatMap(({ shows }) => Object.values(shows)).filter((fix) => typeof fix === 'string');
  expect(new Set(printed.filter(isRunHere)).size).toBeGreaterThan(15);
});

function isRunHere(fix: string): boolean {
  return fix.startsWith('az ') && !NOT_HERE.some(([reason]) => reason.test(fix));
}
