import { expect, test } from '@jest/globals';
import type { Observed } from '../../src/deployment/observed.ts';
import type { PartialLook } from '../../src/deployment/partial-look.ts';
import { Stop } from '../../src/errors.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { phaseNames, phasesThat, traitsOf } from '../../src/settings/phases.ts';
import { settings } from './observed.ts';
import { look } from './picture.ts';
import { rows } from './rows.ts';

test.each(phaseNames)('%s stands under its own name, with its own row', (name) => {
  expect(phaseNamed[name]).toMatchObject({ name, ...traitsOf[name] });
});

test.each(phasesThat(({ changes }) => changes))('%s decides on nothing when a part of the look is missing', (name) => {
  for (const picture of Object.values(rows)) {
    const { observed: whole, settings: known } = look(picture, phaseNamed[name], settings({ phase: name }));
    expect(() => phaseNamed[name].plan(known, missingOne(whole))).toThrow('The SQL server was not seen.');
  }
});

/** All is there that a whole look tells, and beside it something could not be looked at. */
function missingOne(whole: Observed): PartialLook {
  const stop = new Stop('failed', 'The SQL server was not seen.', 'Look again.');
  const unseen = { what: 'SQL server', so: 'which it is', at: '/servers/shop-sql', why: 'It was not seen.', stop };
  return { ...whole, appPart: whole, databasePart: whole, unseen: [unseen] };
}
