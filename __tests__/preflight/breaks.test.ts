import { expect, test } from '@jest/globals';
import { accessBreaks } from './breaks/access.ts';
import type { Break } from './breaks/break.ts';
import { buildBreaks } from './breaks/build.ts';
import { databaseBreaks } from './breaks/databases.ts';
import { decisionBreaks } from './breaks/decisions.ts';
import { slotBreaks } from './breaks/slots.ts';
import { fineWorld, notFine, preflight } from './fine-world.ts';

const breaks: readonly Break[] = [
  { what: 'nothing is in the way', shows: {} },
  ...slotBreaks,
  ...buildBreaks,
  ...databaseBreaks,
  ...accessBreaks,
  ...decisionBreaks,
];

test.each(breaks)('$what', async ({ breaks: change, inputs, shows }) => {
  const fine = fineWorld();
  change?.(fine);
  expect(notFine(await preflight(fine, inputs))).toEqual(shows);
});
