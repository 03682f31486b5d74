import { plain } from '../settings/plain.ts';

/** Text as text: nothing in it is taken for Markdown or HTML, and it stays on one line. */
export function text(value: string): string {
  return plain(value)
    .replaceAll(/[\\`*_~[\]|#$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** A name or command in fixed width. */
export function code(value: string): string {
  const oneLine = plain(value);
  if (oneLine === '') return '';
  const longest = Math.max(0, ...[...oneLine.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  // A pipe would end the cell of a table even inside a code span.
  return `${fence}${space}${oneLine.replaceAll('|', '\\|')}${space}${fence}`;
}

/** A link; where the address is none of the web, its label alone. */
export function link(label: string, address: string): string {
  if (!address.startsWith('https://') || !URL.canParse(address)) return text(label);
  // What would end the link, or be taken for Markdown in it, is written as a browser would send it.
  const href = new URL(address).href.replaceAll(
    /[^\w\-.~:/?=&%+@,;#]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `[${text(label)}](${href})`;
}

/** Several lines in fixed width, which GitHub shows with a button that copies them. */
export function codeBlock(lines: readonly string[], language: 'text' | 'sh' | 'sql' | 'yaml' = 'text'): string {
  const shown = lines.map((line) => plain(line)).join('\n');
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${shown}\n${fence}`;
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** What is there for whoever asks for it. */
export function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** Paragraphs with empty lines between; empty ones are left out. */
export function paragraphs(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter((part): part is string => !!part).join('\n\n');
}

/** The first of the rows of a table; the rest is counted. */
export function rows<T>(
  all: readonly T[],
  most: number,
  cells: (one: T) => readonly string[],
): readonly (readonly string[])[] {
  const shown = all.slice(0, most).map(cells);
  return all.length > most ? [...shown, [`… and ${all.length - most} more`]] : shown;
}
