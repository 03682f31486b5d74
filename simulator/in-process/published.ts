import { plain } from '../../src/settings/plain.ts';
import { failureText } from '../../src/summary/failure.ts';
import { outputsOf } from '../../src/summary/outputs.ts';
import { reportFile } from '../../src/summary/report-file.ts';
import { reviewPage } from '../../src/summary/review-page.ts';
import { type RunReport, summaryOf } from '../../src/summary/summary.ts';

/**
 * What a run publishes, with the laws that hold over every line of it: foreign text is only text, and the page helps whoever
 * reads it. Throws, so that each test and each case of the sweep keeps the laws, whatever it is about.
 */
export function refuseUnfit(report: RunReport): void {
  refuse('what would be obeyed', [...obeyedIn(report)]);
  refuse('what does not help', [...uselessIn(report)]);
}

function refuse(what: string, wrong: readonly string[]): void {
  if (wrong.length === 0) return;
  const shown = wrong.slice(0, 3).map((each) => each.slice(0, 300));
  throw new Error(`The run publishes ${what}: ${JSON.stringify(shown)}`);
}

function* obeyedIn(report: RunReport): Generator<string> {
  const spoken = [plain(report.headline), ...(report.failure ? [failureText(report.headline, report.failure)] : [])];
  for (const line of spoken.flatMap((text) => text.split('\n')))
    if (UNSEEN.test(line) || COMMAND.test(line)) yield line;
  // Outputs are read from a file, which obeys nothing, and a name in one is exactly that name.
  for (const output of Object.values(report.result ? outputsOf(report.result) : {}))
    if (UNSEEN.test(output)) yield output;
  const page = summaryOf(report);
  for (const line of [...page.split('\n'), ...reportFile(report).split('\n')]) if (UNSEEN.test(line)) yield line;
  for (const [tag] of withoutCode(page).matchAll(TAG)) if (!OURS.test(tag)) yield tag;
  const html = reviewPage(report) ?? '';
  for (const line of html.split('\n')) if (UNSEEN.test(line)) yield line;
  for (const [tag] of html.matchAll(TAG)) if (!IN_HTML.test(tag)) yield tag;
}

function* uselessIn(report: RunReport): Generator<string> {
  const page = summaryOf(report);
  const [first = ''] = page.split('\n');
  if (!/^## [🟢🟡🔴⚪]/u.test(first)) yield `not the state first: ${first}`;
  if (report.failure && !page.includes('**What to do next:**')) yield 'no word of what to do next';
  for (const [found] of withoutCode(page).matchAll(TYPED)) yield `a command that nobody can copy: ${found}`;
  for (const [, address = ''] of withoutCode(page).matchAll(/\]\(([^)]*)\)/g))
    if (!/^https:\/\/[\w.-]+\/[\w\-.~:/?=&%+@,;#]*$/.test(address)) yield `a link that leads nowhere: ${address}`;
  // GitHub blots the id out where it is a secret.
  for (const [found] of page.matchAll(/\baz [a-z][^`\n]*subscriptions\/[0-9a-f]{8}-[^`\n]*/gi))
    yield `with an id: ${found}`;
}

/** What somebody types, in words. */
const TYPED = /(?<=^|[\s(])az (?:webapp|sql|lock|tag|rest|resource|role|keyvault|storage|network|appservice) .{0,60}/gm;

/** Controls of a terminal, and what turns the direction of writing. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** Both syntaxes of the runner. */
const COMMAND = /##\[|^\s*::/;
const TAG = /<\/?[a-z!][^>]*>?/gi;
/** What the summary is made of itself. */
const OURS = /^<\/?(?:details|summary|br|sub|b)\b[^"'=]*>$/;

/** What the page for reviewers is made of: nothing that runs, loads or sends anything. */
const IN_HTML =
  /^<(?:!doctype html|\/[a-z0-9]+|(?:html lang|meta (?:charset|name|http-equiv)|th align|td align)="[^<>]*"|(?:head|title|style|body|main|h[1-6]|p|ul|ol|li|strong|em|del|code|pre|table|thead|tbody|tr|th|td|blockquote|details|summary|br|hr)|code class="language-\w+"|a href="https:\/\/[^"\s]*" rel="noreferrer"|blockquote class="\w+")>$/;

/** Between backticks mark-up is text; a backslash before one, outside of them, takes its meaning away. */
function withoutCode(page: string): string {
  return page
    .replaceAll(/^(`{3,})[^\n]*\n[\s\S]*?^\1/gm, '')
    .replaceAll(/\\[!-/:-@[-`{-~]|(`+)(?:.*?[^`])??\1(?!`)/g, '');
}
