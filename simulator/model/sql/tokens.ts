/** One lexical token of T-SQL. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'variable' | 'symbol';
  /** As written. */
  readonly text: string;
  /** Words in upper case, names without brackets, strings without quotes, variables without `@`. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const PATTERN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>N?'(?:[^']|'')*')|(?<bracket>\[(?:[^\]]|\]\])*\])|(?<quoted>"(?:[^"]|"")*")|(?<number>0x[0-9a-f]*|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<variable>@@?[\w$#@]+)|(?<word>[\p{L}_#$][\p{L}\p{N}_$#@]*)|(?<symbol><>|<=|>=|!=|!<|!>|\+=|-=|\*=|\/=|::|[-+*/%=<>(),.;:&|^~!?])/giuy;

/** Splits T-SQL into tokens; comments and white space are dropped. Throws a SyntaxError at what is none. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < sql.length) {
    const start = PATTERN.lastIndex;
    const match = PATTERN.exec(sql);
    if (match === null) throw new SyntaxError(sql.slice(start, start + 20));
    const groups = match.groups ?? {};
    if (groups.space !== undefined) continue;
    const text = match[0];
    const end = PATTERN.lastIndex;
    if (groups.string !== undefined) {
      tokens.push({
        kind: 'string',
        text,
        value: text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'"),
        start,
        end,
      });
    } else if (groups.bracket !== undefined) {
      tokens.push({ kind: 'quoted', text, value: text.slice(1, -1).replaceAll(']]', ']'), start, end });
    } else if (groups.quoted !== undefined) {
      tokens.push({ kind: 'quoted', text, value: text.slice(1, -1).replaceAll('""', '"'), start, end });
    } else if (groups.number !== undefined) tokens.push({ kind: 'number', text, value: text, start, end });
    else if (groups.variable !== undefined) tokens.push({ kind: 'variable', text, value: text.slice(1), start, end });
    else if (groups.word !== undefined) tokens.push({ kind: 'word', text, value: text.toUpperCase(), start, end });
    else tokens.push({ kind: 'symbol', text, value: text, start, end });
  }
  return tokens;
}

/** Reads tokens one after the other. */
export class Cursor {
  readonly tokens: readonly Token[];
  place = 0;
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.place + ahead];
  }

  /** Whether the next tokens are these words or symbols. */
  sees(...values: string[]): boolean {
    return values.every((value, ahead) => {
      const token = this.tokens[this.place + ahead];
      return token !== undefined && (token.kind === 'word' || token.kind === 'symbol') && token.value === value;
    });
  }

  /** Takes these words or symbols when they are next. */
  take(...values: string[]): boolean {
    if (!this.sees(...values)) return false;
    this.place += values.length;
    return true;
  }

  next(): Token {
    const token = this.tokens[this.place];
    if (token === undefined) throw new SyntaxError('end of statement');
    this.place += 1;
    return token;
  }

  expect(value: string): void {
    if (!this.take(value)) throw new SyntaxError(this.peek()?.text ?? 'end of statement');
  }

  /** The next token as a name: a word or a quoted name. */
  name(): string {
    const token = this.next();
    if (token.kind === 'word') return token.text;
    if (token.kind === 'quoted') return token.value;
    throw new SyntaxError(token.text);
  }

  get isDone(): boolean {
    return this.place >= this.tokens.length;
  }
}
