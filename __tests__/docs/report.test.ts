import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { reportFile } from '../../src/summary/report-file.ts';
import { begin } from '../in-process/trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-report-'));
afterAll(() => rmSync(folder, { recursive: true }));
const page = readFileSync('docs/report.md', 'utf8');

test('docs/report.md names every field that a report can have, and no other', async () => {
  const trial = begin();
  const fields = new Set<string>();
  const given = { mode: 'read-write', 'accept-data-loss': 'true', 'lost-writes-file': join(folder, 'lost.json') };
  for (const phase of ['status', 'clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup']) {
    const report = await trial.run(phase, given);
    expect(report.failure).toBeUndefined();
    for (const field of Object.keys(JSON.parse(reportFile(report, '/tmp/page.html')))) fields.add(field);
  }
  // What was written between snapshot and switch is told in the other mode only.
  const other = begin();
  await other.through('clone', 'read-only');
  const switched = await other.run('switch');
  for (const field of Object.keys(JSON.parse(reportFile(switched)))) fields.add(field);
  const refused = await trial.run('switch');
  for (const field of Object.keys(JSON.parse(reportFile(refused)))) fields.add(field);
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect([...fields].sort()).toEqual([...new Set([...named, 'version'])].sort());
});
