import type { Bound, BoundCondition, Frame } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Condition, Expression } from '../syntax/ast.ts';
import { commonType, comparerOf } from '../values/compare.ts';
import { converter } from '../values/convert.ts';
import { BIT, isUnicode, type SqlType, typeOf } from '../values/sql-type.ts';
import { isLike, withoutTrailing } from '../values/text.ts';
import type { Value } from '../values/value.ts';
import { both, comparison, convertTo, TESTS } from './bound.ts';
import type { Compiler } from './compiler.ts';
import type { Scope } from './scope.ts';

/** Compiles an expression; handed in, since expressions contain conditions. */
export type CompileExpression = (compiler: Compiler, scope: Scope, of: Expression) => Bound;

/** Compiles a search condition. */
export function compileCondition(
  compiler: Compiler,
  scope: Scope,
  of: Condition,
  compileExpression: CompileExpression,
): BoundCondition {
  const condition = (one: Condition) => compileCondition(compiler, scope, one, compileExpression);
  const expression = (one: Expression) => compileExpression(compiler, scope, one);
  switch (of.kind) {
    case 'and': {
      const [left, right] = [condition(of.left), condition(of.right)];
      return {
        uses: both(left.uses, right.uses),
        test(frame) {
          const first = left.test(frame);
          if (first === false) return false;
          const second = right.test(frame);
          return second === false ? false : first === null || second === null ? null : true;
        },
      };
    }
    case 'or': {
      const [left, right] = [condition(of.left), condition(of.right)];
      return {
        uses: both(left.uses, right.uses),
        test(frame) {
          const first = left.test(frame);
          if (first === true) return true;
          const second = right.test(frame);
          return second === true ? true : first === null || second === null ? null : false;
        },
      };
    }
    case 'not': {
      const inner = condition(of.of);
      return { uses: inner.uses, test: (frame) => negated(inner.test(frame)) };
    }
    case 'compare':
      return comparison(of.operator, expression(of.left), expression(of.right));
    case 'is-null': {
      const inner = expression(of.of);
      return { uses: inner.uses, test: (frame) => (inner.run(frame) === null) !== of.isNot };
    }
    case 'between': {
      const [value, low, high] = [expression(of.of), expression(of.low), expression(of.high)];
      const [above, below] = [comparison('>=', value, low), comparison('<=', value, high)];
      return {
        uses: both(above.uses, below.uses),
        test(frame) {
          const [first, second] = [above.test(frame), below.test(frame)];
          const result = first === false || second === false ? false : first === null || second === null ? null : true;
          return of.isNot ? negated(result) : result;
        },
      };
    }
    case 'like':
      return compileLike(expression(of.of), expression(of.pattern), of.escape && expression(of.escape), of.isNot);
    case 'in':
      return compileIn(compiler, scope, of, expression);
    case 'exists': {
      const query = compiler.compileQuery(compiler, of.query, scope);
      return { uses: -1, test: (frame) => query.run(frame.env, frame).length > 0 };
    }
    case 'quantified':
      return compileQuantified(compiler, scope, of, expression);
  }
}

function negated(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function compileLike(of: Bound, pattern: Bound, escaping: Bound | undefined, isNot: boolean): BoundCondition {
  const isWide = isUnicode(of.type) || isUnicode(pattern.type);
  const wide = typeOf('nvarchar', -1);
  const [text, matching] = [convertTo(of, wide), convertTo(pattern, wide)];
  return {
    uses: both(of.uses, both(pattern.uses, escaping?.uses ?? 0)),
    test(frame) {
      const [value, wanted] = [text(frame), matching(frame)];
      if (value === null || wanted === null) return null;
      // Without Unicode, blanks at the end of the value do not count.
      const read = isWide ? String(value) : withoutTrailing(String(value));
      const like =
        isLike(read, String(wanted), escaping === undefined ? undefined : String(escaping.run(frame))) ||
        (!isWide && isLike(String(value), String(wanted), undefined));
      return like !== isNot;
    },
  };
}

function compileIn(
  compiler: Compiler,
  scope: Scope,
  of: Condition & { kind: 'in' },
  expression: (of: Expression) => Bound,
): BoundCondition {
  const value = expression(of.of);
  if ('kind' in of.list) {
    const query = compiler.compileQuery(compiler, of.list, scope);
    const [column, ...more] = query.columns;
    if (column === undefined || more.length > 0)
      throw new ContentProblem(
        116,
        'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
        16,
        'scope',
      );
    const any = anyOf('=', value, column.type);
    return {
      uses: -1,
      test(frame) {
        const found = any(
          frame,
          query.run(frame.env, frame).map((row) => row[0] ?? null),
        );
        return of.isNot ? negated(found) : found;
      },
    };
  }
  const tests = of.list.map((one) => comparison('=', value, expression(one)));
  return {
    uses: tests.reduce((all, one) => both(all, one.uses), value.uses),
    test(frame) {
      let result: boolean | null = false;
      for (const one of tests) {
        const found = one.test(frame);
        if (found === true) return !of.isNot;
        if (found === null) result = null;
      }
      return of.isNot ? negated(result) : result;
    },
  };
}

/** Whether a value compares so with any of a column's values. */
function anyOf(
  operator: string,
  value: Bound,
  other: SqlType,
): (frame: Frame, values: readonly Value[]) => boolean | null {
  const type = value.isNull ? other : commonType(value.type, other);
  const test = TESTS[operator] ?? (() => false);
  const [left, right, compare] = [
    convertTo(value, type),
    converter(other, type, { isExplicit: false }),
    comparerOf(type),
  ];
  return (frame, values) => {
    if (values.length === 0) return false;
    const wanted = left(frame);
    if (wanted === null) return null;
    let hasNull = false;
    for (const one of values) {
      if (one === null) hasNull = true;
      else if (test(compare(wanted, right(one) as NonNullable<Value>))) return true;
    }
    return hasNull ? null : false;
  };
}

const OPPOSITE: Readonly<Record<string, string>> = { '=': '<>', '<>': '=', '<': '>=', '>': '<=', '<=': '>', '>=': '<' };

function compileQuantified(
  compiler: Compiler,
  scope: Scope,
  of: Condition & { kind: 'quantified' },
  expression: (of: Expression) => Bound,
): BoundCondition {
  const value = expression(of.left);
  const query = compiler.compileQuery(compiler, of.query, scope);
  // ALL holds when no value compares the opposite way.
  const any = anyOf(of.isAll ? (OPPOSITE[of.operator] ?? '=') : of.operator, value, query.columns[0]?.type ?? BIT);
  return {
    uses: -1,
    test(frame) {
      const found = any(
        frame,
        query.run(frame.env, frame).map((row) => row[0] ?? null),
      );
      return of.isAll ? negated(found) : found;
    },
  };
}
