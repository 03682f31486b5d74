import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RunRecord } from '../run-record.ts';
import { type Summary, summarize } from '../summary.ts';
import { pageOf } from './page.ts';
import { timelineOf } from './timeline.ts';

/** Writes `index.html`, one file that needs nothing else, and `summary.json` into `directory`. */
export async function writeReport(directory: string, run: RunRecord): Promise<Summary> {
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
  const [library, libraryStyle, client, style] = await Promise.all([
    readFile(join(uplot, 'dist/uPlot.iife.min.js'), 'utf8'),
    readFile(join(uplot, 'dist/uPlot.min.css'), 'utf8'),
    readFile(join(import.meta.dirname, 'charts.js'), 'utf8'),
    readFile(join(import.meta.dirname, 'report.css'), 'utf8'),
  ]);
  const summary = summarize(run);
  const page = pageOf({
    run,
    summary,
    timeline: timelineOf(run),
    style: `${libraryStyle}\n${style}`,
    script: `${library}\n${client}`,
  });
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'index.html'), page);
  await writeFile(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  return summary;
}
