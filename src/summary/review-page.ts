import { createHash } from 'node:crypto';
import { checksSentence, checksTable } from './checks.ts';
import { failureMarkdown } from './failure.ts';
import { escapedHtml, htmlOf } from './html.ts';
import { paragraphs, text } from './markdown.ts';
import { nextSwapSection } from './next-swap.ts';
import { prose } from './prose.ts';
import { reviewSection } from './review.ts';
import { sightSection } from './sight.ts';
import type { RunReport } from './summary.ts';
import { whereaboutsTable } from './whereabouts.ts';

/** A file has more room than the page of a run. */
const MOST_ROWS = 2000;

/**
 * The report for reviewers as one HTML file that needs nothing else, and lets nothing run or load: all of the review, which the page of
 * the run shortens. Undefined for a run that reviewed nothing.
 */
export function reviewPage(report: RunReport): string | undefined {
  const reviewed = report.phases.findLast(({ review }) => review !== undefined);
  if (reviewed?.review === undefined) return undefined;
  const { checks = [], review } = reviewed;
  const markdown = paragraphs(
    `# ${text(report.headline)}`,
    report.failure && failureMarkdown(report.failure),
    ...report.warnings.map((warning) => `> [!WARNING]\n> ${prose(warning)}`),
    reviewSection(review, report.links, MOST_ROWS),
    checks.length > 0 && `#### Checks\n\n${checksSentence(checks)}\n\n${checksTable(checks)}`,
    report.whereabouts.length > 0 && `#### Where visitors are\n\n${whereaboutsTable(report.whereabouts)}`,
    report.nextSwaps && report.nextSwaps.length > 0 && nextSwapSection(report.nextSwaps),
    report.timeline && `#### The deployment so far\n\n${report.timeline}`,
    report.sight && sightSection(report.sight),
    ...report.notes.map((note) => `> [!NOTE]\n> ${prose(note)}`),
  );
  return pageOf(`${report.app}: to decide`, htmlOf(markdown));
}

function pageOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><title>${escapedHtml(title)}</title><style>${STYLE}</style></head>
<body><main>
${body}</main></body></html>
`;
}

/** By day and by night, wide and on a phone: a table that is too wide is moved under the finger, and the page is not. */
const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --soft: light-dark(#f6f8fa, #151b23); --link: light-dark(#0969da, #4493f8); }
body { margin: 0; background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #f0f6fc); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; line-height: 1.3; }
h3, h4 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
a { color: var(--link); }
code, pre { font: .85em ui-monospace, monospace; background: var(--soft); border-radius: 4px; }
code { padding: .15em .35em; overflow-wrap: break-word; }
pre { padding: .75rem; overflow-x: auto; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
table { display: block; overflow-x: auto; border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--soft); }
blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: 4px solid var(--line); }
.warning { border-color: light-dark(#9a6700, #d29922); background: light-dark(#fff8c5, #272115); }
.note { border-color: var(--link); }
@media (max-width: 40rem) { body { font-size: 15px; } th, td { padding: .3rem .4rem; } td code { overflow-wrap: anywhere; } }
@media print { body { font-size: 11px; } table { display: table; } }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
