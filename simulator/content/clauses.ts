import type { Token } from '../model/sql/tokens.ts';
import { unknownSql } from './problem.ts';

/** The first of these words outside parentheses, from `start`; -1 when there is none. */
export function clause(tokens: readonly Token[], start: number, words: readonly string[]): number {
  let depth = 0;
  for (let place = start; place < tokens.length; place += 1) {
    const token = tokens[place];
    if (token?.kind === 'symbol' && token.text === '(') depth += 1;
    if (token?.kind === 'symbol' && token.text === ')') depth -= 1;
    if (depth === 0 && token?.kind === 'word' && words.includes(token.value)) return place;
  }
  return -1;
}

/** A name with or without schema; `end` is the place after it. */
export function nameAt(tokens: readonly Token[], start: number): { name: string; end: number } {
  let place = start;
  let name = '';
  for (;;) {
    const token = tokens[place];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw new SyntaxError(token?.text ?? 'end of statement');
    name = token.kind === 'word' ? token.text : token.value;
    place += 1;
    if (tokens[place]?.text !== '.') return { name, end: place };
    place += 1;
  }
}

export interface Clauses {
  readonly head: readonly Token[];
  readonly output: readonly Token[];
  readonly from: readonly Token[];
  readonly where: readonly Token[];
}

/** Splits `… [OUTPUT …] [FROM …] [WHERE …]`. */
export function clauses(tokens: readonly Token[], start: number): Clauses {
  const found = ['OUTPUT', 'FROM', 'WHERE', 'OPTION']
    .map((word) => ({ word, place: clause(tokens, start, [word]) }))
    .filter((one) => one.place >= 0);
  const part = (word: string) => {
    const one = found.find((each) => each.word === word);
    if (one === undefined) return [];
    const end = Math.min(tokens.length, ...found.filter((each) => each.place > one.place).map((each) => each.place));
    return tokens.slice(one.place + (word === 'OUTPUT' ? 0 : 1), end);
  };
  const headEnd = Math.min(tokens.length, ...found.map((one) => one.place));
  return { head: tokens.slice(start, headEnd), output: part('OUTPUT'), from: part('FROM'), where: part('WHERE') };
}

/** The table that `UPDATE a … FROM T a [JOIN …]` means, and what it is joined with. */
export function joinedTarget(
  from: readonly Token[],
  target: string,
): { table: string; alias: string; condition: Token[]; others: Token[] } {
  const first = nameAt(from, 0);
  let place = first.end;
  if (from[place]?.value === 'AS') place += 1;
  const named = from[place];
  const hasAlias =
    named !== undefined &&
    (named.kind === 'quoted' ||
      (named.kind === 'word' && !['JOIN', 'INNER', 'LEFT', 'CROSS', 'WITH'].includes(named.value)));
  const alias = hasAlias ? (named.kind === 'word' ? named.text : named.value) : first.name;
  if (hasAlias) place += 1;
  if (![alias, first.name].some((name) => name.toLowerCase() === target.toLowerCase()))
    throw unknownSql(`a FROM that does not begin with ${target}`);
  if (place >= from.length) return { table: first.name, alias, condition: [], others: [] };
  if (from[place]?.text === ',') return { table: first.name, alias, condition: [], others: from.slice(place + 1) };
  if (from[place]?.value === 'INNER') place += 1;
  if (from[place]?.value !== 'JOIN') throw unknownSql(`${from[place]?.text} in the FROM of an UPDATE or DELETE`);
  const on = clause(from, place, ['ON']);
  const next = clause(from, on, ['JOIN', 'INNER', 'LEFT', 'CROSS']);
  const end = next < 0 ? from.length : next;
  return {
    table: first.name,
    alias,
    condition: from.slice(on + 1, end),
    others: [...from.slice(place + 1, on), ...from.slice(end)],
  };
}
