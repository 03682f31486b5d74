import type { Condition, Expression } from '../syntax/ast.ts';

/** An expression as SQL Server keeps it in a definition: `((0))`, `(getdate())`, `([a]+(1))`. */
export function definitionText(of: Expression): string {
  return `(${expressionText(of)})`;
}

export function conditionDefinition(of: Condition): string {
  return `(${conditionText(of)})`;
}

function expressionText(of: Expression): string {
  switch (of.kind) {
    case 'number':
      return `(${of.text})`;
    case 'string':
      return `${of.isUnicode ? 'N' : ''}'${of.value.replaceAll("'", "''")}'`;
    case 'binary':
      return `0x${of.hex}`;
    case 'null':
      return 'NULL';
    case 'default':
      return 'DEFAULT';
    case 'column':
      return of.name.map((part) => `[${part}]`).join('.');
    case 'variable':
      return `@${of.name}`;
    case 'global':
      return `@@${of.name.toLowerCase()}`;
    case 'unary':
      return of.of.kind === 'number' && of.operator === '-'
        ? `(-${of.of.text})`
        : `${of.operator}${expressionText(of.of)}`;
    case 'binary-operator':
      return `${expressionText(of.left)}${of.operator}${expressionText(of.right)}`;
    case 'call':
      if (of.name === 'NEXT VALUE FOR') return `NEXT VALUE FOR ${of.args.map(expressionText).join('')}`;
      return `${of.schema === undefined ? '' : `[${of.schema}].`}${of.name.toLowerCase()}(${of.isStar ? '*' : of.args.map(expressionText).join(',')})`;
    case 'cast': {
      const args = of.to.args.map((one) => (one < 0 ? 'max' : one)).join(',');
      const type = `[${of.to.name}]${args === '' ? '' : `(${args})`}`;
      return of.style === undefined
        ? `CONVERT(${type},${expressionText(of.of)})`
        : `CONVERT(${type},${expressionText(of.of)},${expressionText(of.style)})`;
    }
    case 'case': {
      const branches = of.branches
        .map(({ when, result }) => `when ${conditionText(when)} then ${expressionText(result)}`)
        .join(' ');
      return `case ${branches}${of.otherwise === undefined ? '' : ` else ${expressionText(of.otherwise)}`} end`;
    }
    case 'collate':
      return `${expressionText(of.of)} collate ${of.collation}`;
    case 'subquery':
      return '(select …)';
  }
}

function conditionText(of: Condition): string {
  switch (of.kind) {
    case 'compare':
      return `${expressionText(of.left)}${of.operator}${expressionText(of.right)}`;
    case 'and':
      return `${conditionText(of.left)} AND ${conditionText(of.right)}`;
    case 'or':
      return `(${conditionText(of.left)} OR ${conditionText(of.right)})`;
    case 'not':
      return `NOT (${conditionText(of.of)})`;
    case 'is-null':
      return `${expressionText(of.of)} IS ${of.isNot ? 'NOT ' : ''}NULL`;
    case 'in': {
      const list = 'kind' in of.list ? [] : of.list;
      const any = list.map((one) => `${expressionText(of.of)}=${expressionText(one)}`).reverse();
      return of.isNot ? `NOT (${any.join(' OR ')})` : `(${any.join(' OR ')})`;
    }
    case 'between':
      return `${expressionText(of.of)}>=${expressionText(of.low)} AND ${expressionText(of.of)}<=${expressionText(of.high)}`;
    case 'like':
      return `${expressionText(of.of)} ${of.isNot ? 'NOT ' : ''}like ${expressionText(of.pattern)}`;
    case 'exists':
    case 'quantified':
      return 'exists (select …)';
  }
}

/** The columns that a definition names. */
export function columnsIn(of: Expression | Condition): string[] {
  const names = new Set<string>();
  JSON.stringify(of, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'column') {
      names.add(String((value as Expression & { kind: 'column' }).name.at(-1)).toLowerCase());
    }
    return value;
  });
  return [...names];
}
