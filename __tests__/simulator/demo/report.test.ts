import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeReport } from '../../../simulator/demo/report/report.ts';
import { timelineOf } from '../../../simulator/demo/report/timeline.ts';
import type { RunRecord } from '../../../simulator/demo/run-record.ts';
import { summarize } from '../../../simulator/demo/summary.ts';
import type { Visit } from '../../../simulator/demo/visit.ts';

const LIVE = { instance: 'a', version: '1.0.0', database: 'shop', marker: '' };
const COPY = { instance: 'b', version: '1.0.0', database: 'shop-zdd-x', marker: 'x/read-only/1' };

/** Two seconds on the live build, then two on the copy, where a read fails and an order is refused. */
const VISITS: Visit[] = Array.from({ length: 40 }, (_, at) => ({
  ...{ kind: 'read', path: '/', at: at * 100, ms: 10, status: 200 },
  ...(at < 20 ? LIVE : COPY),
}));
const RUN: RunRecord = {
  ...{ scenario: 'happy', variant: undefined, outcome: 'All <well>.', from: 0, until: 4000, timeScale: 25 },
  phases: [{ name: 'switch', from: 1000, until: 2500, changed: true, succeeded: true }],
  visits: [
    ...VISITS,
    { kind: 'read', path: '/', at: 3000, ms: 5, status: 502, instance: '', version: '', database: '', marker: '' },
    { kind: 'write', path: '/orders', id: 'o', at: 3100, ms: 5, status: 503, refusedBy: 'application', ...COPY },
  ],
  stored: new Set(),
  checks: [{ promise: 'It holds.', held: true, seen: 'So it does.' }],
  story: [{ at: 500, text: 'Once upon a time' }],
  pages: [
    {
      title: 'prepare: preflight',
      markdown: '## Visitors\n\n> [!WARNING]\n> Lost &lt;here&gt;.\n\n| a |\n|---|\n| b |\n',
    },
  ],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the summary must hold exactly the figures that are promised', async () => {
  await writeReport(folder, RUN);
  expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toEqual({
    scenario: 'happy',
    outcome: 'All <well>.',
    phases: [{ name: 'switch', seconds: 1.5, changed: true }],
    traffic: { requests: 42, failed: 1, longestGapMs: 100, p50Ms: 10, p99Ms: 10 },
    writes: { accepted: 0, refused: 1, lost: 0 },
    readOnlySeconds: 1.9,
    servedBy: { 'live build 1.0.0': 20, 'read-only copy 1.0.0': 21, nobody: 1 },
  });
});

test('the page must be one file that loads nothing, with every word escaped', async () => {
  await writeReport(folder, RUN);
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(page).toContain('All &lt;well&gt;.');
  expect(page).toContain('<h2>Visitors</h2>');
  expect(page).toMatch(/class="markdown-alert markdown-alert-warning"[\s\S]+Lost &lt;here&gt;\./);
  expect(page).toContain('<td>b</td>');
  expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)=/);
  expect(page).not.toMatch(/@import|url\(/);
});

test('the window must be as long in the figures as in the picture, although both builds answer around a move', () => {
  const mixed = {
    ...RUN,
    visits: [...RUN.visits, ...VISITS.slice(0, 20).map((visit) => ({ ...visit, at: visit.at + 150 }))],
  };
  const [window, ...others] = timelineOf(mixed).windows;
  expect(others).toEqual([]);
  expect(summarize(mixed).readOnlySeconds).toBeCloseTo((window?.until ?? 0) - (window?.from ?? 0), 1);
});

test('the timeline must show who served, what failed, the window and the database', () => {
  const timeline = timelineOf(RUN);
  expect(timeline.served.map(({ name, perSecond }) => [name, perSecond.slice(0, 4)])).toEqual([
    ['live build 1.0.0', [10, 10, 10, 10]],
    ['read-only copy 1.0.0', [0, 0, 0, 0]],
  ]);
  expect(timeline.failedPerSecond).toEqual([0, 0, 0, 0, 0, 0, 2, 0]);
  expect(timeline.refusedPerSecond).toEqual([0, 0, 0, 0, 0, 0, 2, 0]);
  expect(timeline.windows).toEqual([{ from: 2, until: 3.91 }]);
  expect(timeline.databases.map(({ name }) => name)).toEqual(['shop', 'shop-zdd-x']);
  expect(timeline.phases).toEqual([{ name: 'switch', ok: true, from: 1, until: 2.5 }]);
});
