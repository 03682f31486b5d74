import { expect, test } from '@jest/globals';
import { recordFields } from '../../src/steps/constructors.ts';
import { planned, planText, sentence } from '../../src/steps/plan-text.ts';
import type { Step } from '../../src/steps/steps.ts';
import { observed, slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { run } from '../phases/walk.ts';

const BACK = { 'rollback-scope': 'code-and-database' };

/** Every step of a deployment that goes well, of one that is rolled back, and of both on two databases. */
const steps: readonly Step[] = [
  run(rows.start, 'clone'),
  run(rows.cloned, 'read-only'),
  run(rows.ready, 'switch'),
  run(rows.switched, 'deploy', { 'migrate-command': 'npm run migrate' }),
  run(rows.deployed, 'validate'),
  run(rows.validated, 'complete'),
  run(rows.completed, 'cleanup'),
  run(rows.switched, 'rollback'),
  run(rows.deployed, 'rollback', BACK),
  run(rows.completed, 'rollback', { ...BACK, 'accept-data-loss': 'true' }),
  run(rows.rolledBack, 'deploy'),
].flatMap(({ rounds }) => rounds.flatMap(({ plan }) => plan[0] ?? []));

test('each step names what it is about and why, and says nothing that only a program understands', () => {
  expect(new Set(steps.map(({ kind }) => kind)).size).toBeGreaterThan(25);
  for (const step of steps) {
    const text = sentence(step);
    expect(text).toContain(step.because);
    expect(text).not.toMatch(/undefined|null|NaN|\[object|\|/);
    const subjects = [
      ...('slot' in step && step.slot !== 'production' ? [step.slot] : []),
      ...('database' in step ? [step.database] : []),
      ...('databases' in step ? step.databases : []),
      ...('target' in step ? [step.target] : []),
      ...('from' in step ? [step.from] : []),
      ...('to' in step && typeof step.to === 'string' ? [step.to] : []),
    ];
    for (const subject of subjects) expect(text).toContain(subject);
  }
});

test('what is recorded is told field by field, and what is cleared as well', () => {
  const told = (fields: Parameters<typeof recordFields>[0]) => sentence(recordFields(fields, 'it must last'));
  const at = '2026-01-31T14:00:00Z';
  const texts = [
    [told({ readOnlyReady: { at, copy: 'seen' } }), ['read only ready', at]],
    [
      told({ candidate: { role: 'live', attempt: 2, slot: 'zdd-readonly' } }),
      ['candidate: live build', 'zdd-readonly'],
    ],
    [told({ rollbackUnderWay: { scope: 'code', attempt: 2, databases: 'moving' } }), ['rollback of code', 'moving']],
    [told({ verdict: { of: 'd1', result: 'failed', by: 'ada' } }), ['verdict failed']],
    [told({ migrated: 0 }), ['migration not done yet']],
    [told({ migrated: 3 }), ['migration of attempt 3']],
    [told({ afterStart: 0 }), ['after-start-command not done yet']],
    [told({ afterStart: 3 }), ['after-start-command of attempt 3']],
    [told({ stoppedApps: ['rg/one', 'rg/two'] }), ['stopped apps rg/one, rg/two']],
    [told({ stoppedJobs: ['mails', 'stock'] }), ['stopped WebJobs mails, stock']],
    [told({ visitorsOnOriginalSince: at }), ['visitors on the originals since', at]],
    [told({ attempt: 4, deployBegun: 'attempt 4' }), ['attempt 4', 'deploy begun attempt 4']],
    [
      told({ candidate: undefined, verdict: undefined, rollbackUnderWay: undefined }),
      ['no candidate', 'no verdict', 'no rollback under way'],
    ],
    // What begins anew with an attempt does not hide the attempt.
    [told({ migrated: 0, afterStart: 0, attempt: 4 }), ['migration not', 'after-start-command not', 'attempt 4']],
    [told({ before: undefined }), ['no production as it was']],
    [told({ stoppedJobs: undefined, stoppedApps: undefined }), ['no stopped WebJobs', 'no stopped apps']],
  ] as const;
  expect(told({})).toMatch(/^Complete the record, because/);
  expect(told({ attempt: 4 })).toMatch(/^Record /);
  for (const [text, words] of texts) {
    expect(text).not.toMatch(/undefined|\[object|\|/);
    for (const word of words) expect(text).toContain(word);
  }
});

test('a plan has a line for each step, and those of one batch the same number', () => {
  for (const { plan } of run(rows.ready, 'switch').rounds) {
    const lines = planText(plan)
      .split('\n')
      .filter((line) => line !== '');
    if (plan.length === 0) continue;
    expect(lines).toHaveLength(plan.flat().length);
    expect(lines.map((line) => Number.parseInt(line, 10))).toEqual(
      plan.flatMap((batch, index) => batch.map(() => index + 1)),
    );
  }
});

const because = 'it is time';
const QUIET = { kind: 'await-quiet', databases: ['shop'], setReadOnly: false, watching: false, because } as const;
const PROVE = { kind: 'prove-instance', slot: 'zdd-staging', as: 'candidate', because } as const;
const WATCH = { kind: 'watch-production', seconds: 30, purpose: 'after-switch', because } as const;
const PREPARE = { kind: 'prepare-restore', database: 'shop', target: 'shop-x', point: 'noon', because } as const;
const STICKY = { kind: 'set-slot-settings', appSettings: ['A', 'B'], connectionStrings: ['Db'], because } as const;
const INTEND = { kind: 'intend-swap', source: 'zdd-staging', purpose: 'complete', fields: {}, because } as const;

test.each<[Step, RegExp, RegExp | undefined]>([
  [QUIET, /^Wait until shop is quiet, because/, undefined],
  [{ ...QUIET, databases: ['shop', 'stock'] }, /^Wait until shop, stock are quiet, because/, undefined],
  [{ ...QUIET, setReadOnly: true }, /quiet, then set READ_ONLY, because/, undefined],
  [{ ...QUIET, watching: true }, /quiet, watching production meanwhile, because/, undefined],
  [PROVE, /the candidate in/, /copy/],
  [{ ...PROVE, as: 'read-only-copy' }, /the read-only copy in/, /candidate/],
  [WATCH, /for 30 s, because/, undefined],
  [{ ...WATCH, tentative: true }, /for 30 s meanwhile, because/, undefined],
  [PREPARE, /^Begin to restore shop as of noon to shop-x/, /Delete/],
  [{ ...PREPARE, replaces: 'an-id' }, /^Delete shop-x, and begin to restore shop/, undefined],
  [{ ...STICKY, to: 'on' }, /^Make slot settings of A, B, Db, because/, /travel/],
  [{ ...STICKY, to: 'off' }, /^Let A, B, Db travel/, /Make/],
  [INTEND, /with production, because/, undefined],
  [{ ...INTEND, fields: { attempt: 2 } }, /with production, attempt 2, because/, undefined],
  [{ ...PROVE, of: 'rg/till' }, /^rg\/till: Prove/, undefined],
])('what a step says depends on what it does: %j', (step, says, not) => {
  expect(sentence(step)).toMatch(says);
  if (not) expect(sentence(step)).not.toMatch(not);
});

test('what would be written is held against what the slot has now; no other step is', () => {
  const holding = (ZDD_A: string) =>
    observed({ stagingSlot: slot('zdd-staging', { appSettings: { ZDD_A }, connectionStrings: {} }) });
  const companion = { key: 'rg/till', does: 'build', look: holding('7') } as const;
  const look = { ...holding('1'), companions: [companion] };
  const write = {
    kind: 'write-settings',
    slot: 'zdd-staging',
    settings: { appSettings: { ZDD_A: '2' }, connectionStrings: {} },
    once: false,
    because,
  } as const;
  expect(planned(write, look)).toBe(`${sentence(write)} Against now: ZDD_A (1 -> 2).`);
  const theirs = { ...write, of: 'rg/till' };
  expect(planned(theirs, look)).toBe(`${sentence(theirs)} Against now: ZDD_A (7 -> 2).`);
  expect(planText([[write]], look)).toContain('Against now');
  expect(planned(write)).toBe(sentence(write));
  expect(planned(PROVE, look)).toBe(sentence(PROVE));
  expect(planText([])).toBe('Nothing to do.');
});
