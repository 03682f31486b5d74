import type { Bound, Frame } from '../env.ts';
import { ContentProblem } from '../problem.ts';
import type { Call } from '../syntax/ast.ts';
import { operation } from '../values/arithmetic.ts';
import { comparerOf, keyOf } from '../values/compare.ts';
import { converter } from '../values/convert.ts';
import { rescale } from '../values/decimal.ts';
import { BIGINT, decimal, FLOAT, familyOf, INT, isUnicode, nameOf, type SqlType, typeOf } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import { convertTo } from './bound.ts';
import { canonical } from './canonical.ts';
import type { Compiler } from './compiler.ts';
import type { CompileExpression } from './condition.ts';
import type { Scope } from './scope.ts';

const AGGREGATES = new Set(['COUNT', 'COUNT_BIG', 'SUM', 'AVG', 'MIN', 'MAX', 'STRING_AGG', 'CHECKSUM_AGG']);

export function isAggregate(call: Call): boolean {
  return AGGREGATES.has(call.name) && call.schema === undefined;
}

/** Compiles an aggregate: what it computes is collected with its query's grouping, its value read from there. */
export function compileAggregate(compiler: Compiler, scope: Scope, call: Call, compile: CompileExpression): Bound {
  const { grouping } = scope;
  if (grouping === undefined)
    throw new ContentProblem(
      147,
      'An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.',
      15,
      'scope',
    );
  if (grouping.isInside)
    throw new ContentProblem(
      130,
      'Cannot perform an aggregate function on an expression containing an aggregate or a subquery.',
      15,
      'scope',
    );
  grouping.isInside = true;
  const { type, compute } = aggregateOf(compiler, scope, call, compile);
  grouping.isInside = false;
  const key = canonical(call, scope);
  let place = grouping.aggregates.findIndex((one) => one.key === key);
  if (place < 0) place = grouping.aggregates.push({ key, compute }) - 1;
  const isCount = call.name.startsWith('COUNT');
  return { type, isNullable: !isCount, isNull: false, uses: -1, run: (frame) => frame.aggregates[place] ?? null };
}

export interface Aggregate {
  readonly type: SqlType;
  compute(frames: readonly Frame[]): Value;
}

/** An aggregate over any frames, for GROUP BY and for OVER. */
export function aggregateOf(compiler: Compiler, scope: Scope, call: Call, compile: CompileExpression): Aggregate {
  if (call.isStar) {
    if (call.name === 'COUNT') return { type: INT, compute: (frames) => frames.length };
    if (call.name === 'COUNT_BIG') return { type: BIGINT, compute: (frames) => BigInt(frames.length) };
  }
  const [argument, separator] = call.args.map((one) => compile(compiler, scope, one));
  if (argument === undefined)
    throw new ContentProblem(174, `The ${call.name} function requires 1 argument(s).`, 15, 'scope');
  const valuesOf = (frames: readonly Frame[]) =>
    distinct(
      call.isDistinct,
      argument,
      frames.map((frame) => argument.run(frame)).filter((one) => one !== null),
    );
  switch (call.name) {
    case 'COUNT':
      return { type: INT, compute: (frames) => valuesOf(frames).length };
    case 'COUNT_BIG':
      return { type: BIGINT, compute: (frames) => BigInt(valuesOf(frames).length) };
    case 'MIN':
    case 'MAX':
      return extreme(call.name, argument, valuesOf);
    case 'SUM':
      return sum(argument, valuesOf);
    case 'AVG':
      return average(argument, valuesOf);
    case 'CHECKSUM_AGG':
      if (argument.type.name !== 'int') throw invalid(argument, 'checksum_agg');
      return {
        type: INT,
        compute(frames) {
          const values = valuesOf(frames);
          return values.length === 0 ? null : values.reduce<number>((sum, value) => sum ^ Number(value), 0);
        },
      };
    case 'STRING_AGG':
      return joined(scope, compiler, call, argument, separator, compile);
    default:
      throw new ContentProblem(40000, `The simulator does not model: the function ${call.name}`, 16, 'scope');
  }
}

type ValuesOf = (frames: readonly Frame[]) => NonNullable<Value>[];

function distinct(isDistinct: boolean, of: Bound, values: NonNullable<Value>[]): NonNullable<Value>[] {
  if (!isDistinct) return values;
  const key = keyOf(of.type);
  return [...new Map(values.map((value) => [key(value), value])).values()];
}

function extreme(name: string, of: Bound, valuesOf: ValuesOf): Aggregate {
  if (of.type.name === 'bit') throw invalid(of, name.toLowerCase());
  const compare = comparerOf(of.type);
  const sign = name === 'MIN' ? 1 : -1;
  return {
    type: of.type,
    compute(frames) {
      let best: Value = null;
      for (const value of valuesOf(frames)) if (best === null || sign * compare(value, best) < 0) best = value;
      return best;
    },
  };
}

function invalid(of: Bound, name: string): ContentProblem {
  return new ContentProblem(8117, `Operand data type ${nameOf(of.type)} is invalid for ${name} operator.`);
}

/** Sums are as wide as their kind allows: int stays int, and overflows. */
function sum(of: Bound, valuesOf: ValuesOf): Aggregate {
  const type = sumType(of, 'sum');
  const add = operation('+', type, type);
  const convert = converter(of.type, type, { isExplicit: true });
  return {
    type,
    compute(frames) {
      let total: Value = null;
      for (const value of valuesOf(frames)) {
        const next = convert(value);
        const result: Value = total === null ? next : add.run(total, next);
        total =
          total === null || !['decimal'].includes(type.name)
            ? result
            : rescale(result as bigint, add.type.scale, type.scale);
      }
      return total;
    },
  };
}

function sumType(of: Bound, name: string): SqlType {
  switch (familyOf(of.type)) {
    case 'integer':
      if (of.type.name === 'bit') throw invalid(of, name);
      return of.type.name === 'bigint' ? BIGINT : INT;
    case 'decimal':
      return decimal(38, of.type.scale);
    case 'money':
      return typeOf('money');
    case 'float':
      return FLOAT;
    default:
      throw invalid(of, name);
  }
}

/** Of integers an integer; of decimals at least six decimals. */
function average(of: Bound, valuesOf: ValuesOf): Aggregate {
  const type = sumType(of, 'avg');
  const isDecimal = familyOf(type) === 'decimal';
  const result = isDecimal ? decimal(38, Math.max(6, type.scale)) : type;
  const total = sum(of, valuesOf);
  return {
    type: result,
    compute(frames) {
      const whole = total.compute(frames);
      if (whole === null) return null;
      const count = valuesOf(frames).length;
      if (isDecimal) return rescale(whole as bigint, type.scale, result.scale) / BigInt(count);
      if (typeof whole === 'bigint') return whole / BigInt(count);
      return type.name === 'int' ? Math.trunc((whole as number) / count) : (whole as number) / count;
    },
  };
}

function joined(
  scope: Scope,
  compiler: Compiler,
  call: Call,
  of: Bound,
  separator: Bound | undefined,
  compile: CompileExpression,
): Aggregate {
  const type = typeOf(
    isUnicode(of.type) ? 'nvarchar' : 'varchar',
    of.type.length < 0 ? -1 : isUnicode(of.type) ? 4000 : 8000,
  );
  const text = convertTo(of, type);
  const orders = call.within.map((one) => ({ ...one, bound: compile(compiler, scope, one.of) }));
  return {
    type,
    compute(frames) {
      const sorted = [...frames];
      for (const { bound, isDescending } of [...orders].reverse()) {
        const compare = comparerOf(bound.type);
        sorted.sort((a, b) => {
          const [x, y] = [bound.run(a), bound.run(b)];
          const order = x === null || y === null ? (x === y ? 0 : x === null ? -1 : 1) : compare(x, y);
          return isDescending ? -order : order;
        });
      }
      const texts = sorted.map(text).filter((one) => one !== null);
      const [first] = frames;
      return texts.length === 0 || first === undefined ? null : texts.join(String(separator?.run(first) ?? ''));
    },
  };
}
