/** Longer text is cut: nobody reads on, and a summary has room for the rest. */
const LONGEST = 4000;

/**
 * Text of others as text, on one line. Whatever an app, a database, Azure, GitHub or a file says goes through here on its way
 * out: to log, annotations, summary and tags. What is left holds no control character, nothing that turns the direction of
 * writing, and no workflow command in either syntax, and is not longer than `longest` characters.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function plain(text: string, longest: number = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  return withoutCommands(cut.replaceAll(UNSEEN, ' ').trim());
}

/** A line that the runner takes for text: `::` is a command at its beginning, also after a lone carriage return. */
export function withoutCommands(line: string): string {
  return withoutBrackets(line.replaceAll(/(^|\r)((?:(?!\r)[\s\u0085])*):(?=:)/g, '$1$2: '));
}

/** The other syntax is a command anywhere in a line: `##[` to GitHub's runner, `##vso[` to the agent of Azure DevOps. */
export function withoutBrackets(line: string): string {
  return line.replaceAll(/##(?=\[|vso\[)/gi, '# #');
}

/** Control characters, halves of characters, ends of lines and paragraphs, and what turns the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
