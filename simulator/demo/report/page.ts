import type { Check, RunRecord, StepPage } from '../run-record.ts';
import type { Summary } from '../summary.ts';
import { markOf } from '../verdict.ts';
import { asGitHubShows } from './as-github-shows.ts';
import type { Timeline } from './timeline.ts';

export interface PageParts {
  readonly run: RunRecord;
  readonly summary: Summary;
  readonly timeline: Timeline;
  readonly style: string;
  readonly script: string;
}

/** The report as one HTML page. */
export function pageOf({ run, summary, timeline, style, script }: PageParts): string {
  const broken = run.checks.some((check) => check.held === false);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${text(run.scenario)}: a zero-downtime deployment</title><style>${style}</style></head><body>
<header><p class="kind">Scenario <b>${text(run.scenario)}</b>${run.variant ? `, variant <b>${text(run.variant)}</b>` : ''}</p>
<h1>${text(run.outcome)}</h1>
<p class="verdict ${broken ? 'broken' : 'held'}">${broken ? 'A promise was broken.' : 'No promise was broken.'}</p>
<p class="note">Azure ran ${run.timeScale} times as fast as it does: one second here stands for ${run.timeScale} seconds of its own operations. Visitors lived in real time.</p></header>
<main>
<section><h2>Promises</h2><table class="checks">${run.checks.map(checkRow).join('')}</table></section>
${tiles(summary)}
<section><h2>Who served the visitors</h2><p class="note">Requests per second, by the instance that answered. Bands above are the phases of the action; the shaded time is the read-only window, as visitors lived it.</p>
<div id="phases" class="lane"></div><div id="requests" class="chart"></div><div id="databases" class="lane"></div></section>
<section><h2>Orders</h2><p class="note">Per second: accepted, and refused by the shop while it was read-only.</p><div id="orders" class="chart"></div></section>
<section><h2>How long a page took</h2><p class="note">Milliseconds, in each half second: the median and the slowest.</p><div id="latency" class="chart"></div></section>
<section><h2>What people saw on the page of the run</h2><p class="note">The summaries of the workflow's steps, as GitHub shows them.</p>${run.pages.map(pageSection).join('')}</section>
<section><h2>Phases</h2><p class="note">How long each takes at Azure's own pace is in docs/speed.md.</p><table><tr><th>Phase</th><th>Here</th><th>Changed something</th></tr>${summary.phases
    .map(
      (phase) =>
        `<tr><td>${text(phase.name)}</td><td>${phase.seconds.toFixed(1)} s</td><td>${phase.changed ? 'yes' : 'no'}</td></tr>`,
    )
    .join('')}</table></section>
<section><h2>What happened</h2><ol class="story">${run.story
    .map(
      (sentence) =>
        `<li><time>${sinceFirstVisitor(sentence.at - run.from)}</time> ${text(sentence.text).replaceAll('\n', '<br>')}</li>`,
    )
    .join('')}</ol></section></main>
<script type="application/json" id="timeline">${JSON.stringify(timeline).replaceAll('<', '\\u003c')}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script></body></html>
`;
}

function checkRow(check: Check): string {
  const kind = check.held === undefined ? 'unknown' : check.held ? 'held' : 'broken';
  return `<tr class="${kind}"><td>${markOf(check)}</td><td>${text(check.promise)}<br><small>${text(check.seen)}</small></td></tr>`;
}

function pageSection({ title, markdown }: StepPage): string {
  return `<details><summary>${text(title)}</summary><div class="github">${asGitHubShows(markdown)}</div></details>`;
}

function sinceFirstVisitor(ms: number): string {
  return ms < 0 ? 'before' : `${(ms / 1000).toFixed(1)} s`;
}

function tiles(summary: Summary): string {
  const { traffic, writes } = summary;
  const all: [string, string, string][] = [
    [traffic.requests.toLocaleString('en'), 'requests', ''],
    [String(traffic.failed), 'failed', traffic.failed > 0 ? 'broken' : 'held'],
    [`${traffic.longestGapMs} ms`, 'longest gap', traffic.longestGapMs >= 1000 ? 'broken' : 'held'],
    [`${Math.round(traffic.p50Ms)} / ${Math.round(traffic.p99Ms)} ms`, 'median / 99 %', ''],
    [String(writes.accepted), 'orders accepted', ''],
    [String(writes.refused), 'orders refused', ''],
    [String(writes.lost), 'orders lost', writes.lost > 0 ? 'broken' : 'held'],
    [`${summary.readOnlySeconds.toFixed(1)} s`, 'read-only', ''],
  ];
  return `<div class="tiles">${all.map(([figure, name, mark]) => `<div class="${mark}"><b>${figure}</b>${name}</div>`).join('')}</div>`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
