import { expect, test } from '@jest/globals';
import { accessBreaks } from './breaks/access.ts';
import type { Break } from './breaks/break.ts';
import { buildBreaks } from './breaks/build.ts';
import { connectionBreaks } from './breaks/connections.ts';
import { databaseBreaks } from './breaks/databases.ts';
import { decisionBreaks } from './breaks/decisions.ts';
import { sessionBreaks } from './breaks/sessions.ts';
import { slotBreaks } from './breaks/slots.ts';
import { fineWorld, notFine, preflight } from './fine-world.ts';

const breaks: readonly Break[] = [
  { what: 'nothing is in the way', shows: {} },
  ...slotBreaks,
  ...connectionBreaks,
  ...buildBreaks,
  ...databaseBreaks,
  ...accessBreaks,
  ...sessionBreaks,
  ...decisionBreaks,
];

test.each(breaks)('$what', async ({ breaks: change, inputs, from, shows }) => {
  const fine = fineWorld();
  change?.(fine);
  expect(notFine(await preflight(fine, inputs, from))).toEqual(shows);
});

test('every check that passes in the fine world is seen in one where it does not', async () => {
  const shown = breaks.flatMap(({ shows }) => Object.keys(shows).map((line) => line.replace(/^\S+ /, '')));
  const checks = (await preflight(fineWorld())).map(({ name }) => name.replace(/ and zdd-staging$/, ''));
  expect(checks.filter((name) => !shown.includes(name))).toEqual([]);
});
