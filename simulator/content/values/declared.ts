import { ContentProblem, unknownSql } from '../problem.ts';
import type { TypeSyntax } from '../syntax/ast.ts';
import { isTypeName, type SqlType, type TypeName, typeOf } from './sql-type.ts';

const SYNONYMS: Readonly<Record<string, TypeName>> = {
  integer: 'int',
  dec: 'decimal',
  timestamp: 'rowversion',
  sysname: 'nvarchar',
};

const OLD: Readonly<Record<string, SqlType>> = {
  text: typeOf('varchar', -1),
  ntext: typeOf('nvarchar', -1),
  image: typeOf('varbinary', -1),
};

const REFUSED = new Set([
  'xml',
  'sql_variant',
  'hierarchyid',
  'geography',
  'geometry',
  'json',
  'vector',
  'cursor',
  'table',
]);

/** A type that the database itself made with CREATE TYPE. */
export type OwnType = (name: string, schema: string | undefined) => SqlType | undefined;

/**
 * The type that was written. 2715 for one that does not exist, 131 and 1001-1002, 2750-2751 for facets out of range.
 * A length that is left out is 1, or 30 in CAST and CONVERT.
 */
export function declaredType(syntax: TypeSyntax, where: 'declaration' | 'cast', own?: OwnType): SqlType {
  const made = own?.(syntax.name, syntax.schema);
  if (made !== undefined) return made;
  const name = SYNONYMS[syntax.name] ?? syntax.name;
  if (syntax.name === 'sysname') return typeOf('nvarchar', 128);
  const old = OLD[name];
  if (old !== undefined) return old;
  if (REFUSED.has(name)) throw unknownSql(`the type ${name}`);
  const isForeign = syntax.schema !== undefined && syntax.schema !== 'sys';
  if (!isTypeName(name) || isForeign) {
    const shown = isForeign ? `${syntax.schema}.${syntax.name}` : syntax.name;
    const text =
      where === 'cast'
        ? `Type ${shown} is not a defined system type.`
        : `Column, parameter, or variable #1: Cannot find data type ${shown}.`;
    throw new ContentProblem(where === 'cast' ? 243 : 2715, text, 16, 'batch');
  }
  return withFacets(name, syntax.args, where);
}

function withFacets(name: TypeName, args: readonly number[], where: 'declaration' | 'cast'): SqlType {
  const [first, second] = args;
  switch (name) {
    case 'char':
    case 'varchar':
    case 'binary':
    case 'varbinary':
    case 'nchar':
    case 'nvarchar':
      return withLength(name, first ?? (where === 'cast' ? 30 : 1));
    case 'decimal':
    case 'numeric': {
      const [precision, scale] = [first ?? 18, second ?? 0];
      if (precision < 1 || precision > 38)
        throw new ContentProblem(
          2750,
          `Column or parameter #1: Specified column precision ${precision} is greater than the maximum precision of 38.`,
          16,
          'batch',
        );
      if (scale > precision)
        throw new ContentProblem(
          2751,
          `Column or parameter #1: Specified column scale ${scale} is greater than the specified precision of ${precision}.`,
          16,
          'batch',
        );
      return typeOf(name, 0, precision, scale);
    }
    case 'float':
      return first !== undefined && first <= 24 ? typeOf('real') : typeOf('float');
    case 'datetime2':
    case 'time':
    case 'datetimeoffset':
      if ((first ?? 7) > 7) throw new ContentProblem(1002, `Line 1: Specified scale ${first} is invalid.`, 15, 'scope');
      return typeOf(name, 0, 0, first ?? 7);
    default:
      if (args.length > 0)
        throw new ContentProblem(
          2716,
          `Column, parameter, or variable #1: Cannot specify a column width on data type ${name}.`,
          16,
          'batch',
        );
      return name === 'datetime' ? typeOf(name, 0, 0, 3) : name === 'rowversion' ? typeOf(name, 8) : typeOf(name);
  }
}

function withLength(name: TypeName, length: number): SqlType {
  const isVarying = name.includes('var');
  const most = name.startsWith('n') ? 4000 : 8000;
  if (length === -1 && isVarying) return typeOf(name, -1);
  if (length === 0)
    throw new ContentProblem(1001, 'Line 1: Length or precision specification 0 is invalid.', 15, 'scope');
  if (length > most || length < 0)
    throw new ContentProblem(
      131,
      `The size (${length}) given to the type '${name}' exceeds the maximum allowed for any data type (8000).`,
      15,
      'scope',
    );
  return typeOf(name, length);
}
