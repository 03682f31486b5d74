/**
 * `key=value;key=value`, as ADO.NET and ODBC (with `{…}` quotes) write connection strings, with the place of each value, so
 * that one can be replaced and all else stays as it was, byte for byte.
 * https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax
 */
export interface Pair {
  /** In lower case, white space at both ends removed. */
  readonly key: string;
  /** Without its quotes. */
  readonly value: string;
  /** Where the value stands in the text, quotes included. */
  readonly start: number;
  readonly end: number;
  readonly quote: Quote;
}

/** How a value is quoted; the closing one is doubled inside. */
export type Quote = '' | '"' | "'" | '{';

/** The pairs of a text, or undefined when it is not of this form. `braces`: `{…}` is a quote (ODBC, JDBC). */
export function parsePairs(text: string, braces: boolean): readonly Pair[] | undefined {
  const pairs: Pair[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /^[\s;]*/.exec(text.slice(at));
    at += blank?.[0].length ?? 0;
    if (at >= text.length) break;
    const key = readKey(text, at);
    if (key === undefined) return undefined;
    const value = readValue(text, key.next, braces);
    if (value === undefined) return undefined;
    pairs.push({ key: key.key, value: value.value, start: value.start, end: value.end, quote: value.quote });
    at = value.next;
  }
  return pairs;
}

/** The text with the value of one pair replaced, quoted as before or as the new value needs it. */
export function withValue(text: string, pair: Pair, value: string, braces: boolean): string {
  return text.slice(0, pair.start) + quoted(value, quoteFor(value, pair.quote, braces)) + text.slice(pair.end);
}

/** A key ends at the first `=`; `==` stands for one `=` in the key. */
function readKey(text: string, from: number): { readonly key: string; readonly next: number } | undefined {
  let at = text.indexOf('=', from);
  while (at >= 0 && text[at + 1] === '=') at = text.indexOf('=', at + 2);
  const key = at < 0 ? '' : text.slice(from, at).replaceAll('==', '=').trim().toLowerCase();
  return key === '' || /[;{}"]/.test(key) ? undefined : { key, next: at + 1 };
}

function readValue(text: string, from: number, braces: boolean) {
  const blanks = /^\s*/.exec(text.slice(from))?.[0].length ?? 0;
  const start = from + blanks;
  const quote = text[start];
  if (quote === '"' || quote === "'" || (braces && quote === '{')) return readQuoted(text, start, quote);
  const semicolon = text.indexOf(';', start);
  const next = semicolon < 0 ? text.length : semicolon;
  const value = text.slice(start, next).trimEnd();
  return { value, start, end: start + value.length, quote: '' as const, next };
}

function readQuoted(text: string, start: number, quote: '"' | "'" | '{') {
  const close = quote === '{' ? '}' : quote;
  let at = start + 1;
  let value = '';
  for (;;) {
    const found = text.indexOf(close, at);
    if (found < 0) return undefined;
    value += text.slice(at, found);
    if (text[found + 1] !== close) {
      const rest = /^\s*(;|$)/.exec(text.slice(found + 1));
      return rest ? { value, start, end: found + 1, quote, next: found + 1 + rest[0].length } : undefined;
    }
    value += close;
    at = found + 2;
  }
}

function quoteFor(value: string, before: Quote, braces: boolean): Quote {
  if (before !== '') return before;
  const plain = value !== '' && !/[;=]|^["'{\s]|\s$/.test(value);
  if (plain) return '';
  return braces ? '{' : '"';
}

function quoted(value: string, quote: Quote): string {
  if (quote === '') return value;
  const close = quote === '{' ? '}' : quote;
  return `${quote}${value.replaceAll(close, close + close)}${close}`;
}
