import { expect, test } from '@jest/globals';
import { startSlot, stopSlot, stopWebJobs } from '../../src/steps/constructors.ts';
import { forApp, inOrder, sideBySide } from '../../src/steps/in-order.ts';
import { changesSomething, type Step, type StepKind } from '../../src/steps/steps.ts';

const [start, stop, jobs] = [startSlot('one', 'x'), stopSlot('two', 'x'), stopWebJobs('two')];

test('what is not needed now leaves no empty batch behind, which would end a plan', () => {
  expect(inOrder(false, start, undefined, [], [stop, jobs])).toEqual([[start], [stop, jobs]]);
  expect(inOrder(false, [])).toEqual([]);
});

test('plans side by side go batch by batch together, also where one is longer', () => {
  expect(sideBySide([[start], [stop]], [], [[jobs]])).toEqual([[start, jobs], [stop]]);
  expect(sideBySide()).toEqual([]);
});

test('the plan of one app is the same for its app', () => {
  expect(forApp('rg/till', [[start], [stop, jobs]])).toEqual([
    [{ ...start, of: 'rg/till' }],
    [
      { ...stop, of: 'rg/till' },
      { ...jobs, of: 'rg/till' },
    ],
  ]);
});

/** A run says that it changed something, and asks for the lease, by this. */
test.each<[boolean, readonly StepKind[]]>([
  [false, ['await-copy', 'await-others', 'await-restore', 'await-database-clock', 'await-late-writes']],
  [false, ['prove-sql', 'prove-instance', 'prove-writes', 'watch-production', 'ask-production']],
  [false, ['check-everything', 'check-again', 'check-sessions', 'keep-lost-writes', 'set-up']],
  [
    true,
    ['record', 'post-swap', 'settle-swap', 'await-quiet', 'delete-database', 'migrate', 'after-start', 'tell-copy'],
  ],
])('that something is changed is %s of %j', (changes, kinds) => {
  for (const kind of kinds) expect([kind, changesSomething({ kind } as Step)]).toEqual([kind, changes]);
});
