import type { RunRecord } from '../run-record.ts';
import type { Summary } from '../summary.ts';
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
  const held = run.checks.every((check) => check.held);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${text(run.scenario)}: a zero-downtime deployment</title><style>${style}</style></head><body>
<header><p class="kind">Scenario <b>${text(run.scenario)}</b>${run.variant ? `, variant <b>${text(run.variant)}</b>` : ''}</p>
<h1>${text(run.outcome)}</h1>
<p class="verdict ${held ? 'held' : 'broken'}">${held ? 'Every promise was kept.' : 'A promise was broken: see below.'}</p>
<p class="note">Azure ran ${run.timeScale} times as fast as it does: one second here stands for ${run.timeScale} seconds of its own operations. Visitors lived in real time.</p></header>
<main>${tiles(summary)}
<section><h2>Who served the visitors</h2><p class="note">Requests per second, by the instance that answered. Bands above are the phases of the action; the shaded time is the read-only window, as visitors lived it.</p>
<div id="phases" class="lane"></div><div id="requests" class="chart"></div><div id="databases" class="lane"></div></section>
<section><h2>Orders</h2><p class="note">Per second: accepted, and refused by the shop while it was read-only.</p><div id="orders" class="chart"></div></section>
<section><h2>How long a page took</h2><p class="note">Milliseconds, in each half second: the median and the slowest.</p><div id="latency" class="chart"></div></section>
<div class="columns"><section><h2>Promises</h2><table class="checks">${run.checks
    .map(
      (check) =>
        `<tr class="${check.held ? 'held' : 'broken'}"><td>${check.held ? '✓' : '✗'}</td><td>${text(check.promise)}<br><small>${text(check.seen)}</small></td></tr>`,
    )
    .join('')}</table></section>
<section><h2>Phases</h2><table><tr><th>Phase</th><th>Here</th><th>On Azure, about</th><th>Changed something</th></tr>${summary.phases
    .map(
      (phase) =>
        `<tr><td>${text(phase.name)}</td><td>${phase.seconds.toFixed(1)} s</td><td>${onAzure(phase.seconds * run.timeScale)}</td><td>${phase.changed ? 'yes' : 'no'}</td></tr>`,
    )
    .join('')}</table></section></div>
<section><h2>What happened</h2><ol class="story">${run.story
    .map(
      (sentence) =>
        `<li><time>${((sentence.at - run.from) / 1000).toFixed(1)} s</time> ${text(sentence.text).replaceAll('\n', '<br>')}</li>`,
    )
    .join('')}</ol></section></main>
<script type="application/json" id="timeline">${JSON.stringify(timeline).replaceAll('<', '\\u003c')}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script></body></html>
`;
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

function onAzure(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
