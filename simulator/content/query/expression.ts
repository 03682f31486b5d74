import { findObject } from '../data/schema.ts';
import type { Bound } from '../env.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import type { Call, Condition, Expression } from '../syntax/ast.ts';
import { operation } from '../values/arithmetic.ts';
import { type Converter, converter } from '../values/convert.ts';
import { declaredType } from '../values/declared.ts';
import { familyOf, INT, nameOf } from '../values/sql-type.ts';
import { compileAggregate, isAggregate } from './aggregate.ts';
import { both, constant, lift, NULL, unified } from './bound.ts';
import { canonical } from './canonical.ts';
import type { Compiler } from './compiler.ts';
import { compileCondition as compileConditionWith } from './condition.ts';
import { FUNCTIONS } from './functions.ts';
import { binaryLiteral, numberLiteral, textLiteral } from './literal.ts';
import { boundColumn, findColumn, type Scope } from './scope.ts';
import { userCall } from './user-function.ts';
import { compileWindow } from './window.ts';

/** Compiles a search condition. */
export function compileCondition(compiler: Compiler, scope: Scope, of: Condition) {
  return compileConditionWith(compiler, scope, of, compileExpression);
}

/** Compiles an expression: names resolved, types known. Throws what SQL Server says before it runs anything. */
export function compileExpression(compiler: Compiler, scope: Scope, of: Expression): Bound {
  switch (of.kind) {
    case 'null':
      return NULL;
    case 'number':
      return numberLiteral(of.text);
    case 'string':
      return textLiteral(of.value, of.isUnicode);
    case 'binary':
      return binaryLiteral(of.hex);
    case 'column':
      return compileColumn(scope, of);
    case 'variable':
      return compileVariable(compiler, of.name);
    case 'global':
      return compileCall(compiler, scope, { ...EMPTY_CALL, name: `@@${of.name}` });
    case 'unary':
      return compileUnary(compileExpression(compiler, scope, of.of), of.operator);
    case 'binary-operator':
      return compileOperator(
        of.operator,
        compileExpression(compiler, scope, of.left),
        compileExpression(compiler, scope, of.right),
      );
    case 'cast':
      return compileCast(compiler, scope, of);
    case 'case':
      return compileCase(compiler, scope, of);
    case 'collate':
      requireCollation(of.collation);
      return compileExpression(compiler, scope, of.of);
    case 'subquery': {
      const query = compiler.compileQuery(compiler, of.query, scope);
      const [column, ...more] = query.columns;
      if (column === undefined || more.length > 0)
        throw new ContentProblem(
          116,
          'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
          16,
          'scope',
        );
      return {
        type: column.type,
        isNullable: true,
        isNull: false,
        uses: -1,
        run(frame) {
          const rows = query.run(frame.env, frame);
          if (rows.length > 1)
            throw new ContentProblem(
              512,
              'Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.',
            );
          return rows[0]?.[0] ?? null;
        },
      };
    }
    case 'default':
      throw new SyntaxError('DEFAULT');
    case 'call':
      return compileCall(compiler, scope, of);
  }
}

const EMPTY_CALL: Call = {
  kind: 'call',
  name: '',
  schema: undefined,
  args: [],
  isStar: false,
  isDistinct: false,
  condition: undefined,
  over: undefined,
  within: [],
};

function compileColumn(scope: Scope, of: Expression & { kind: 'column' }): Bound {
  const found = findColumn(scope, of.name);
  const { grouping } = found.scope;
  if (grouping !== undefined && !grouping.isInside && !grouping.keys.includes(canonical(of, found.scope))) {
    const source = found.scope.sources[found.source];
    const owner = [...(source?.names ?? [])].reverse().join('.');
    const name = `${source?.names.length === 1 || owner === '' ? (source?.names[0] ?? '') : owner}.${found.column.name}`;
    const number = grouping.clause === 'select list' ? 8120 : grouping.clause === 'HAVING clause' ? 8121 : 8127;
    const rest =
      number === 8120
        ? 'is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.'
        : number === 8121
          ? 'is invalid in the HAVING clause because it is not contained in either an aggregate function or the GROUP BY clause.'
          : 'is invalid in the ORDER BY clause because it is not contained in either an aggregate function or the GROUP BY clause.';
    throw new ContentProblem(
      number,
      number === 8127 ? `Column "${name}" ${rest}` : `Column '${name}' ${rest}`,
      16,
      'scope',
    );
  }
  return boundColumn(found);
}

function compileVariable(compiler: Compiler, name: string): Bound {
  const type = compiler.variables.get(name);
  if (type === undefined) throw new ContentProblem(137, `Must declare the scalar variable "@${name}".`, 15);
  return { type, isNullable: true, isNull: false, uses: 0, run: (frame) => frame.env.variables[name] ?? null };
}

function compileUnary(of: Bound, operator: '-' | '+' | '~'): Bound {
  const family = familyOf(of.type);
  if (operator === '+' && family !== 'guid') return of;
  if (operator === '~') {
    if (family !== 'integer')
      throw new ContentProblem(8117, `Operand data type ${nameOf(of.type)} is invalid for '~' operator.`);
    return lift(of, of.type, (value) =>
      of.type.name === 'bit' ? 1 - Number(value) : typeof value === 'bigint' ? ~value : ~Number(value),
    );
  }
  if (family === 'text' || family === 'date' || family === 'guid' || family === 'binary')
    throw new ContentProblem(8117, `Operand data type ${nameOf(of.type)} is invalid for minus operator.`);
  if (of.type.name === 'decimal' || family === 'decimal' || family === 'money')
    return lift(of, of.type, (value) => -(value as bigint));
  if (of.type.name === 'tinyint' || of.type.name === 'bit' || of.type.name === 'smallint')
    return compileOperator('-', constant(INT, 0), of);
  return lift(of, of.type, (value) => (typeof value === 'bigint' ? -value : 0 - (value as number)));
}

function compileOperator(operator: string, left: Bound, right: Bound): Bound {
  const leftType = left.isNull ? right.type : left.type;
  const rightType = right.isNull ? left.type : right.type;
  const { type, run } = operation(operator, leftType, rightType);
  return {
    type,
    isNullable: left.isNullable || right.isNullable,
    isNull: false,
    uses: both(left.uses, right.uses),
    run: (frame) => run(left.run(frame), right.run(frame)),
  };
}

function compileCast(compiler: Compiler, scope: Scope, of: Expression & { kind: 'cast' }): Bound {
  const type = declaredType(of.to, 'cast', compiler.ownType);
  const inner = compileExpression(compiler, scope, of.of);
  const style = of.style === undefined ? undefined : compileExpression(compiler, scope, of.style);
  if (inner.isNull) return { ...constant(type, null), isNull: false };
  const converters = new Map<number, Converter>();
  const convertAs = (wanted: number): Converter => {
    let known = converters.get(wanted);
    if (known === undefined) {
      known = converter(inner.type, type, wanted < 0 ? { isExplicit: true } : { isExplicit: true, style: wanted });
      converters.set(wanted, known);
    }
    return known;
  };
  convertAs(-1);
  return {
    type,
    isNullable: inner.isNullable || of.isTry,
    isNull: false,
    uses: both(inner.uses, style?.uses ?? 0),
    run(frame) {
      const wanted = style === undefined ? -1 : Number(style.run(frame) ?? -1);
      const value = inner.run(frame);
      if (!of.isTry) return convertAs(wanted)(value);
      try {
        return convertAs(wanted)(value);
      } catch (error) {
        if (error instanceof ContentProblem && error.fault.number !== 40000) return null;
        throw error;
      }
    },
  };
}

function compileCase(compiler: Compiler, scope: Scope, of: Expression & { kind: 'case' }): Bound {
  const branches = of.branches.map(({ when, result }) => ({
    when: compileCondition(compiler, scope, when),
    result: compileExpression(compiler, scope, result),
  }));
  const otherwise = of.otherwise === undefined ? NULL : compileExpression(compiler, scope, of.otherwise);
  const results = [...branches.map((branch) => branch.result), otherwise];
  if (results.every((one) => one.isNull))
    throw new ContentProblem(
      8133,
      'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.',
      16,
      'scope',
    );
  const { type, converted } = unified(results);
  const last = converted.at(-1);
  return {
    type,
    isNullable: of.otherwise === undefined || results.some((one) => one.isNullable),
    isNull: false,
    uses: [...branches.map((one) => one.when), ...results].reduce((all, one) => both(all, one.uses), 0),
    run(frame) {
      for (const [place, branch] of branches.entries())
        if (branch.when.test(frame) === true) return converted[place]?.(frame) ?? null;
      return last?.(frame) ?? null;
    },
  };
}

function requireCollation(name: string): void {
  if (/^(SQL_Latin1_General_CP1_CI_AS|Latin1_General_(100_)?CI_AS(_.*)?|DATABASE_DEFAULT|CATALOG_DEFAULT)$/i.test(name))
    return;
  throw unknownSql(`the collation ${name}`);
}

function compileCall(compiler: Compiler, scope: Scope, of: Call): Bound {
  if (of.over !== undefined) return compileWindow(compiler, scope, of, compileExpression);
  if (isAggregate(of)) return compileAggregate(compiler, scope, of, compileExpression);
  const define = of.schema === undefined || of.schema.toLowerCase() === 'sys' ? FUNCTIONS[of.name] : undefined;
  if (define !== undefined)
    return define({
      compiler,
      scope,
      call: of,
      compile: (one) => compileExpression(compiler, scope, one),
      condition: (one) => compileCondition(compiler, scope, one),
    });
  const own = of.schema === undefined ? undefined : findObject(compiler.schema, of.schema, of.name);
  if (own?.kind === 'function')
    return userCall(
      compiler,
      own,
      of.args.map((one) => (one.kind === 'default' ? undefined : compileExpression(compiler, scope, one))),
    );
  if (of.schema !== undefined)
    throw new ContentProblem(
      4121,
      `Cannot find either column "${of.schema}" or the user-defined function or aggregate "${of.schema}.${of.name}", or the name is ambiguous.`,
      16,
      'scope',
    );
  if (KNOWN_ELSEWHERE.test(of.name)) throw unknownSql(`the function ${of.name}`);
  throw new ContentProblem(195, `'${of.name}' is not a recognized built-in function name.`, 15);
}

/** Functions that SQL Server has and the engine has not; any other name is unknown to SQL Server too. */
const KNOWN_ELSEWHERE =
  /^(@@.*|ASCIISTR|CHECKSUM|COMPRESS|DECOMPRESS|CERT.*|CUME_DIST|DIFFERENCE|ENCRYPT.*|DECRYPT.*|FIRST_VALUE|LAST_VALUE|NTILE|PERCENT.*|FORMATMESSAGE|GROUPING.*|JSON_.*|ISJSON|PARSE|TRY_PARSE|SOUNDEX|STDEV.*|VAR|VARP|SWITCHOFFSET|TODATETIMEOFFSET|VERIFY.*|SESSION_CONTEXT|CONTEXT_INFO|STATS_DATE|INDEXKEY_PROPERTY|INDEX_COL|FILE.*|TYPEPROPERTY|FULLTEXT.*|CURSOR_STATUS|GREATEST|LEAST|APPROX_.*|BIT_COUNT|GET_BIT|SET_BIT|LEFT_SHIFT|RIGHT_SHIFT|DATE_BUCKET|GENERATE_SERIES|REGEXP_.*|UNISTR|EDIT_DISTANCE.*|JARO.*|VECTOR.*|CURRENT_REQUEST_ID|GETANSINULL|MIN_ACTIVE_ROWVERSION|SESSIONPROPERTY|USER_ID|DATABASE_PRINCIPAL_ID|CONNECTIONPROPERTY|PERMISSIONS|HAS_PERMS_BY_NAME|ROWCOUNT_BIG|COLLATIONPROPERTY|OPENJSON|PUBLISHINGSERVERNAME|NEWSEQUENTIALID|TRIGGER_NESTLEVEL|COLUMNS_UPDATED|UPDATE)$/;
