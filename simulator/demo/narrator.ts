import type { Sentence } from './run-record.ts';

export interface Narrator {
  /** Says something in plain words. */
  tell(text: string): void;
  /** A heading, for a new part of the story. */
  chapter(text: string): void;
  /** Something small, said more quietly. */
  aside(text: string): void;
  readonly story: readonly Sentence[];
}

const BOLD = '\u001b[1m';
const FAINT = '\u001b[2m';
const PLAIN = '\u001b[0m';

/** Tells the story as it happens, with the seconds since `from`, and keeps it for the report. */
export function narrator(from: number, print: (line: string) => void, colours: boolean): Narrator {
  const story: Sentence[] = [];
  const dress = (style: string, text: string): string => (colours ? `${style}${text}${PLAIN}` : text);
  const say = (text: string, style: string): void => {
    const at = Date.now();
    story.push({ at, text });
    const time = `${((at - from) / 1000).toFixed(1).padStart(6)} s  `;
    const [first = '', ...rest] = text.split('\n');
    print(`${dress(FAINT, time)}${style ? dress(style, first) : first}`);
    for (const line of rest) print(`${' '.repeat(time.length)}${line}`);
  };
  return {
    story,
    tell: (text) => say(text, ''),
    chapter(text) {
      print('');
      say(text, BOLD);
    },
    aside: (text) => print(dress(FAINT, `${' '.repeat(10)}${text}`)),
  };
}
