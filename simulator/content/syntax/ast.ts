/** A T-SQL batch as data. Names are as written, without brackets; functions and keywords in upper case. */

/** One to four parts: server, database, schema, name. */
export type Name = readonly string[];

export interface TypeSyntax {
  /** Lower case; `timestamp`, `varchar`, or a name nobody knows. */
  readonly name: string;
  /** `max` is -1. */
  readonly args: readonly number[];
  readonly schema: string | undefined;
}

export type Expression =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string; readonly isUnicode: boolean }
  | { readonly kind: 'binary'; readonly hex: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'default' }
  | { readonly kind: 'column'; readonly name: Name }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'global'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '~'; readonly of: Expression }
  | {
      readonly kind: 'binary-operator';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | Call
  | {
      readonly kind: 'cast';
      readonly to: TypeSyntax;
      readonly of: Expression;
      readonly style: Expression | undefined;
      readonly isTry: boolean;
    }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Condition; readonly result: Expression }[];
      readonly otherwise: Expression | undefined;
    }
  | { readonly kind: 'collate'; readonly of: Expression; readonly collation: string }
  | { readonly kind: 'subquery'; readonly query: Query };

export interface Call {
  readonly kind: 'call';
  /** Upper case, without schema. */
  readonly name: string;
  readonly schema: string | undefined;
  readonly args: readonly Expression[];
  readonly isStar: boolean;
  readonly isDistinct: boolean;
  readonly condition: Condition | undefined;
  readonly over: Window | undefined;
  readonly within: readonly Ordering[];
}

export interface Window {
  readonly partition: readonly Expression[];
  readonly order: readonly Ordering[];
  readonly hasFrame: boolean;
}

export type Condition =
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'quantified';
      readonly operator: string;
      readonly left: Expression;
      readonly isAll: boolean;
      readonly query: Query;
    }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'is-null'; readonly of: Expression; readonly isNot: boolean }
  | {
      readonly kind: 'in';
      readonly of: Expression;
      readonly list: readonly Expression[] | Query;
      readonly isNot: boolean;
    }
  | {
      readonly kind: 'between';
      readonly of: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly isNot: boolean;
    }
  | {
      readonly kind: 'like';
      readonly of: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | undefined;
      readonly isNot: boolean;
    }
  | { readonly kind: 'exists'; readonly query: Query };

export interface Ordering {
  readonly of: Expression;
  readonly isDescending: boolean;
}

export interface Query {
  readonly kind: 'query';
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly order: readonly Ordering[];
  readonly offset: Expression | undefined;
  readonly fetch: Expression | undefined;
}

export type QueryBody =
  | Select
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | {
      readonly kind: 'set';
      readonly operator: 'UNION' | 'UNION ALL' | 'EXCEPT' | 'INTERSECT';
      readonly left: QueryBody;
      readonly right: QueryBody;
    }
  | { readonly kind: 'nested'; readonly query: Query };

export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export interface Select {
  readonly kind: 'select';
  readonly isDistinct: boolean;
  readonly top: Top | undefined;
  readonly items: readonly SelectItem[];
  readonly into: Name | undefined;
  readonly from: readonly TableSource[];
  readonly where: Condition | undefined;
  readonly group: readonly Expression[];
  readonly having: Condition | undefined;
}

export interface Top {
  readonly count: Expression;
  readonly isPercent: boolean;
  readonly withTies: boolean;
}

export type SelectItem =
  | { readonly kind: 'star'; readonly of: Name }
  | { readonly kind: 'item'; readonly of: Expression; readonly alias: string | undefined }
  | { readonly kind: 'assign'; readonly variable: string; readonly operator: string; readonly of: Expression };

export type TableSource =
  | {
      readonly kind: 'table';
      readonly name: Name;
      readonly alias: string | undefined;
      /** Arguments of a table-valued function. */
      readonly args: readonly Expression[] | undefined;
    }
  | { readonly kind: 'variable'; readonly name: string; readonly alias: string | undefined }
  | { readonly kind: 'derived'; readonly query: Query; readonly alias: string; readonly columns: readonly string[] }
  | {
      readonly kind: 'join';
      readonly how: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'CROSS APPLY' | 'OUTER APPLY';
      readonly left: TableSource;
      readonly right: TableSource;
      readonly on: Condition | undefined;
    };

/** A table that is changed: by name, by alias of FROM, or a variable. */
export type Target =
  | { readonly kind: 'table'; readonly name: Name }
  | { readonly kind: 'variable'; readonly name: string };

export interface Output {
  readonly items: readonly SelectItem[];
  readonly into: Target | undefined;
  readonly columns: readonly string[];
}

export interface Assignment {
  readonly column: string | undefined;
  /** `@x = …` or `@x = column = …`. */
  readonly variable: string | undefined;
  readonly operator: string;
  readonly value: Expression;
}

export interface MergeBranch {
  readonly when: 'matched' | 'not matched' | 'not matched by source';
  readonly condition: Condition | undefined;
  readonly action:
    | { readonly kind: 'update'; readonly set: readonly Assignment[] }
    | { readonly kind: 'delete' }
    | { readonly kind: 'insert'; readonly columns: readonly string[]; readonly values: readonly Expression[] };
}
