import { expect, test } from '@jest/globals';
import { azure, begin } from './trial.ts';

const PHASES = ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup'];
const BACK = ['clone', 'read-only', 'switch', 'deploy', 'rollback', 'validate', 'complete', 'cleanup'];
const inputsOf = (phase: string) => (phase === 'rollback' ? { 'rollback-scope': 'code-and-database' } : {});

test.each([
  ['forwards', PHASES],
  ['and back', BACK],
])('a dry run says what would be done and changes nothing: %s', async (_name, phases) => {
  const trial = begin();
  for (const phase of ['preflight', ...phases, 'status']) {
    await trial.clock.sleep(10_000);
    const before = azure(trial);
    const { failure, phases: reports, result } = await trial.run(phase, { ...inputsOf(phase), 'dry-run': 'true' });
    expect(failure).toBeUndefined();
    expect(reports.map(({ outcome }) => outcome)).toEqual(['planned']);
    expect(result?.changed).toBe(false);
    expect(azure(trial)).toEqual(before);
    await trial.through([phase, inputsOf(phase)]);
  }
});

test.each([
  ['forwards', PHASES],
  ['and back', BACK],
])('a phase that is run again finds its promise kept: %s', async (_name, phases) => {
  const trial = begin();
  for (const phase of phases) {
    await trial.through([phase, inputsOf(phase)]);
    // Tags that nobody waits for come after the end.
    await trial.clock.sleep(10_000);
    const before = azure(trial);
    const { failure, phases: reports, result } = await trial.run(phase, inputsOf(phase));
    expect(failure).toBeUndefined();
    // Reviewers get a fresh report; all else is as it was.
    const expected = phase === 'validate' ? ['done', true] : ['already', false];
    expect([phase, reports[0]?.outcome, result?.changed]).toEqual([phase, ...expected]);
    expect(azure(trial)).toEqual(before);
  }
});

test('a rehearsal leaves Azure as it was, but for two empty slots', async () => {
  const trial = begin();
  const before = azure(trial) as { databases: unknown; firewall: unknown };
  await trial.through('preflight', 'clone', 'read-only', 'cleanup');
  const { databases, firewall } = azure(trial) as { databases: unknown; firewall: unknown };
  expect({ databases, firewall }).toEqual({ databases: before.databases, firewall: before.firewall });
});
