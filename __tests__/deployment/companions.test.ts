import { expect, test } from '@jest/globals';
import { candidateOf } from '../../src/deployment/companions.ts';
import type { Companion } from '../../src/deployment/observed.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { settings, slot } from '../phases/observed.ts';
import { look } from '../phases/picture.ts';
import { rows } from '../phases/rows.ts';

const { observed } = look(rows.deployed, phaseNamed.validate, settings({ phase: 'validate' }));

test.each([
  ['build', 'new', 'zdd-staging'],
  ['build', 'live', 'zdd-readonly'],
  ['read-only', 'new', 'zdd-readonly'],
  ['read-only', 'live', 'zdd-readonly'],
] as const)(
  'of an app that moves along as %s the candidate, when it is the %s build, is in %s',
  (does, role, where) => {
    const slots = { readonlySlot: slot('zdd-readonly'), stagingSlot: slot('zdd-staging') };
    const companion: Companion = { key: 'rg/admin', does, look: { ...observed, ...slots } };
    const record = observed.record && { ...observed.record, candidate: { role, attempt: 1, slot: 'zdd-staging' } };
    expect(candidateOf({ record }, companion)?.name).toBe(where);
  },
);
