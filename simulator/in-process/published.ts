import { plain } from '../../src/settings/plain.ts';
import { failureText } from '../../src/summary/failure.ts';
import { outputsOf } from '../../src/summary/outputs.ts';
import { type RunReport, summaryOf } from '../../src/summary/summary.ts';

/**
 * What a run publishes, with the law that holds over every line of it: foreign text is only text. Throws, so that each test and
 * each case of the sweep keeps the law, whatever it is about.
 */
export function refuseObeyed(report: RunReport): void {
  const wrong = [...obeyedIn(report)];
  if (wrong.length > 0)
    throw new Error(
      `The run publishes what would be obeyed: ${JSON.stringify(wrong.slice(0, 3).map((each) => each.slice(0, 200)))}`,
    );
}

function* obeyedIn(report: RunReport): Generator<string> {
  const spoken = [plain(report.headline), ...(report.failure ? [failureText(report.headline, report.failure)] : [])];
  for (const line of spoken.flatMap((text) => text.split('\n')))
    if (UNSEEN.test(line) || COMMAND.test(line)) yield line;
  // Outputs are read from a file, which obeys nothing, and a name in one is exactly that name.
  for (const output of Object.values(report.result ? outputsOf(report.result) : {}))
    if (UNSEEN.test(output)) yield output;
  const page = summaryOf(report);
  for (const line of page.split('\n')) if (UNSEEN.test(line)) yield line;
  for (const [tag] of withoutCode(page).matchAll(TAG)) if (!OURS.test(tag)) yield tag;
}

/** Controls of a terminal, and what turns the direction of writing. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** Both syntaxes of the runner. */
const COMMAND = /##\[|^\s*::/;
const TAG = /<\/?[a-z!][^>]*>?/gi;
/** What the summary is made of itself. */
const OURS = /^<\/?(?:details|summary|br|sub|b)\b[^"'=]*>$/;

/** Between backticks mark-up is text; a backslash before one, outside of them, takes its meaning away. */
function withoutCode(page: string): string {
  return page
    .replaceAll(/^(`{3,})[^\n]*\n[\s\S]*?^\1/gm, '')
    .replaceAll(/\\[!-/:-@[-`{-~]|(`+)(?:.*?[^`])??\1(?!`)/g, '');
}
