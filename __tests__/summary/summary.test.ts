import { expect, test } from '@jest/globals';
import { Stop } from '../../src/errors.ts';
import { checksSentence, checksTable } from '../../src/summary/checks.ts';
import { failureOf, failureText } from '../../src/summary/failure.ts';
import { code, text } from '../../src/summary/markdown.ts';
import { type RunReport, summaryOf } from '../../src/summary/summary.ts';

const report: RunReport = {
  sight: undefined,
  headline: '🟡 Visitors are on the read-only copy.',
  app: 'shop',
  phases: [
    {
      phase: 'switch',
      outcome: 'done',
      tookMs: 75_000,
      steps: ['Swap slot zdd-readonly with production, because visitors move to the copy.'],
    },
  ],
  result: {
    deploymentId: '20260131-k7m2x',
    state: 'read-only',
    changed: true,
    nextPhases: ['deploy', 'rollback'],
    cloneDatabases: { shop: 'shop-zdd-20260131-k7m2x' },
    rollbackPoint: '2026-01-31T14:05:09.1234567Z',
    readOnlySeconds: 12,
  },
  whereabouts: [
    {
      slot: 'production',
      holds: 'read-only copy',
      running: true,
      visitors: true,
      databases: ['shop-zdd-20260131-k7m2x (clone)'],
    },
    { slot: 'zdd-readonly', holds: 'live build', running: false, visitors: false, databases: ['shop (original)'] },
  ],
  notes: [],
  warnings: [],
  failure: undefined,
  ways: [],
  links: { places: [] },
};

test('a run tells where visitors are, what was done and what comes next', () => {
  const page = summaryOf(report);
  expect(page).toMatch(
    /^## 🟡 Visitors are on the read-only copy.\n\n\*\*`switch` on `shop`: done\*\*\n\n\*\*What comes next:\*\* Run `deploy`/,
  );
  expect(page).toContain('| **visitors &rarr;** | `production` | **read-only copy** | running |');
  expect(page).toContain('1. Swap slot zdd-readonly with production, because visitors move to the copy.');
  expect(page).toContain('done in 1 min 15 s');
  expect(page).toContain('| Read-only window | 12 s |');
  expect(page).toContain('Run `deploy`: updates the original database');
  expect(page).toContain('- or `rollback`');
  expect(page).not.toContain('undefined');
});

test('what was only planned may well come next; what was done is not proposed again', () => {
  const [phase] = report.phases;
  if (phase === undefined) throw new Error('It has a phase.');
  const after = (outcome: 'planned' | 'already') =>
    summaryOf({ ...report, phases: [{ ...phase, phase: 'deploy', outcome }] });
  expect(after('planned')).toContain('**What comes next:** Run `deploy`');
  expect(after('already')).toContain('**What comes next:** Run `rollback`');
});

test('a failure says the four things and does not invite to go on', () => {
  const stop = new Stop('failed', 'The swap of zdd-readonly did not happen.', 'Run "switch" again.', {
    azure: { code: 'BadRequest', message: 'Cannot swap | slots', requestId: 'req-1', status: 400 },
  });
  const failure = failureOf(stop);
  const page = summaryOf({ ...report, failure });
  expect(page).toMatch(/^## 🟡 Visitors are on the read-only copy.\n\n\*\*`switch` on `shop`: failed\*\*\n/);
  for (const part of ['did not happen', '**What to do next:** Run "switch" again.']) {
    expect(page).toContain(part);
  }
  expect(page).toContain('Cannot swap \\| slots (`BadRequest`, HTTP 400, request id `req-1`)');
  expect(page).not.toContain('What comes next');
  expect(failureText(report.headline, failure)).toBe(
    [
      '🟡 Visitors are on the read-only copy.',
      'The swap of zdd-readonly did not happen.',
      'What to do next: Run "switch" again.',
      'Azure said: Cannot swap | slots (HTTP 400, BadRequest, request id req-1)',
    ].join('\n'),
  );
});

test('an unexpected error has its four things too', () => {
  expect(failureText(report.headline, failureOf(new TypeError('x is undefined')))).toMatch(
    /^🟡 Visitors are on the read-only copy.\n.*x is undefined\nWhat to do next: .+$/,
  );
});

test('a warning of lost data stands above everything that was done', () => {
  const page = summaryOf({ ...report, warnings: ['All that visitors write from now on is lost.'] });
  expect(page.indexOf('[!WARNING]')).toBeGreaterThan(0);
  expect(page.indexOf('[!WARNING]')).toBeLessThan(page.indexOf('Where visitors are'));
});

test('a note stands below the warnings, and the snapshot interval says how long it is', () => {
  const snapshot = { snapshotRequestedAt: '2026-01-31T14:00:00Z', snapshotTimestamp: '2026-01-31T17:01:30Z' };
  const result = report.result && { ...report.result, ...snapshot };
  const page = summaryOf({ ...report, result, warnings: ['Lost.'], notes: ['Not checked.'] });
  expect(page).toContain('> [!WARNING]\n> Lost.\n\n> [!NOTE]\n> Not checked.');
  expect(page).toContain('taken between 2026-01-31T14:00:00Z and 2026-01-31T17:01:30Z (within 3 h 1 min)');
});

test('a plan says that nothing was changed', () => {
  const planned = report.phases.map((phase) => ({ ...phase, outcome: 'planned' as const }));
  const page = summaryOf({ ...report, phases: planned });
  expect(page).toContain('plan only, nothing was changed');
  expect(page).toContain('What would be done, and why:');
});

test('the page stays far below the size at which GitHub drops it, and whole characters remain', () => {
  const checks = Array.from({ length: 20_000 }, (_, index) => ({
    name: `check ${index}`,
    verdict: 'passed' as const,
    found: 'ä → ✓ '.repeat(10),
  }));
  const page = summaryOf({ ...report, phases: [{ phase: 'validate', outcome: 'done', tookMs: 1, steps: [], checks }] });
  expect(Buffer.byteLength(page)).toBeLessThan(600 * 1024);
  expect(page).toContain('The rest was cut off');
  expect(page).not.toContain('\uFFFD');
});

test('what others wrote stays text', () => {
  expect(text('<img src=x> [a](b) **c** |\n# d')).toBe('&lt;img src=x&gt; \\[a\\](b) \\*\\*c\\*\\* \\| \\# d');
  expect(code('a`b|c')).toBe('`` a`b\\|c ``');
});

test('checks show what failed first, each with its fix', () => {
  const checks = [
    { name: 'health', verdict: 'passed' as const, found: '200' },
    {
      name: 'blob versioning',
      verdict: 'failed' as const,
      found: 'off',
      fix: 'az storage account blob-service-properties update',
    },
  ];
  const lines = checksTable(checks).split('\n');
  expect(lines[2]).toBe('| **FAILED** | blob versioning | off | `az storage account blob-service-properties update` |');
  expect(lines[3]).toBe('| passed | health | 200 |  |');
  expect(checksSentence(checks)).toBe('1 of 2 checks failed.');
});

test('what passed is folded, and what needs somebody is not; what a reviewer decides by is shown in full', () => {
  const checks = [
    { name: 'health', verdict: 'passed' as const, found: '200' },
    { name: 'locks', verdict: 'warning' as const, found: 'one', fix: 'Remove it.' },
  ];
  const pageWith = (phase: 'preflight' | 'validate') =>
    summaryOf({ ...report, phases: [{ phase, outcome: 'done', tookMs: 1, steps: [], checks }] });
  const folded = '<details><summary>What passed (1)</summary>\n\n| Verdict | Check | Found |';
  expect(pageWith('preflight')).toContain(`| warning | locks | one | Remove it. |\n\n${folded}`);
  expect(pageWith('validate')).not.toContain('What passed');
  expect(pageWith('validate')).toContain('| passed | health | 200 |  |');
});
