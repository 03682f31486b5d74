import { Cursor, type Token } from '../../model/sql/tokens.ts';
import type { Condition, Query } from './ast.ts';
import type { Statement } from './statements.ts';

/** What expressions and definitions contain and have no grammar for themselves. */
export interface Grammar {
  query(reader: Reader): Query;
  condition(reader: Reader): Condition;
  statement(reader: Reader): Statement;
}

/** Reads the tokens of a batch. The grammar is handed in, so that its files need not import each other in a circle. */
export class Reader extends Cursor {
  readonly sql: string;
  readonly grammar: Grammar;
  constructor(tokens: readonly Token[], sql: string, grammar: Grammar) {
    super(tokens);
    this.sql = sql;
    this.grammar = grammar;
  }

  query(): Query {
    return this.grammar.query(this);
  }

  condition(): Condition {
    return this.grammar.condition(this);
  }

  statement(): Statement {
    return this.grammar.statement(this);
  }

  /** The source from a token on, to the last one read. */
  textFrom(place: number): string {
    return this.sql.slice(this.tokens[place]?.start ?? 0, this.tokens[this.place - 1]?.end ?? 0);
  }
}
