import { expect, test } from '@jest/globals';
import type { Slot } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { swappedByHand } from '../../src/deployment/swapped-by-hand.ts';
import { ID, slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

const { observed, record } = seen(rows.ready, 'status');
const LATER = '2026-03-01T00:00:00.000Z';
const live = slot('zdd-readonly');
const marked = slot('zdd-readonly', { appSettings: { ZDD_INSTANCE: `${ID}/read-only/1` } });

function found(
  status: Partial<NonNullable<Slot['swapStatus']>> | null,
  readonlySlot: Slot | null = live,
  more: Partial<DeploymentRecord> | null = {},
) {
  const swapStatus = status && { at: LATER, source: 'zdd-readonly', destination: 'production', ...status };
  const production = slot('production', { swapStatus });
  const stagingSlot = slot('zdd-staging');
  return swappedByHand({
    ...observed,
    production,
    readonlySlot,
    stagingSlot,
    record: more && { ...record, ...more },
  })?.name;
}

test('a swap since "clone" that the deployment did not make may have left the live build in a slot of ours', () => {
  expect(found({})).toBe('zdd-readonly');
  expect(found({ source: 'production', destination: 'ZDD-Readonly' })).toBe('zdd-readonly');
  expect(found({ source: 'zdd-staging' })).toBe('zdd-staging');
  expect(found({}, slot('ZDD-READONLY'))).toBe('ZDD-READONLY');
});

test.each<[string, ...Parameters<typeof found>]>([
  ['there was no swap', null],
  ['it was before the deployment', { at: '2026-01-01T00:00:00.000Z' }],
  ['it was right when the deployment was opened', { at: record.requestedAt }],
  ['another slot was swapped', { source: 'qa' }],
  ['what the deployment made is there', {}, marked],
  ['the slot is gone', {}, null],
  ['the deployment has swapped itself', {}, live, { swaps: 1 }],
  ['no deployment is open', {}, live, null],
])('nothing is suspected when %s', (_what, ...seenSo) => expect(found(...seenSo)).toBeUndefined());
