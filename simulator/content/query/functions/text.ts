import { createHash } from 'node:crypto';
import type { Bound, Frame } from '../../env.ts';
import { ContentProblem } from '../../problem.ts';
import { encodeText, toCodePage } from '../../values/code-page.ts';
import { converter } from '../../values/convert.ts';
import { FLOAT, familyOf, INT, isUnicode, nvarchar, type SqlType, typeOf, varchar } from '../../values/sql-type.ts';
import { likeSource, withoutTrailing } from '../../values/text.ts';
import type { Value } from '../../values/value.ts';
import { both } from '../bound.ts';
import { argumentsOf, type Define, strict } from '../function-contract.ts';
import { splitParts } from './name-parts.ts';

/** The text type that an argument becomes. */
function textType(of: Bound | undefined): SqlType {
  const type = of?.type;
  if (type === undefined || familyOf(type) !== 'text') return varchar(8000);
  return typeOf(isUnicode(type) ? 'nvarchar' : 'varchar', type.length);
}

/** As wide as text of its kind may be. */
function widened(type: SqlType): SqlType {
  return typeOf(type.name, type.length < 0 ? -1 : isUnicode(type) ? 4000 : 8000);
}

function same(body: (text: string) => string): Define {
  return strict(1, 1, ([of]) => {
    const type = textType(of);
    return { type, wants: [type], body: ([text]) => body(String(text)) };
  });
}

function length(name: string, count: number): number {
  if (count < 0) throw new ContentProblem(536, `Invalid length parameter passed to the ${name} function.`);
  return count;
}

function caseless(text: Value): string {
  return String(text).toLowerCase();
}

/** Where a text begins in another, from 1. */
function charIndex(part: Value, text: Value, from: number): number {
  return caseless(text).indexOf(caseless(part), Math.max(0, from - 1)) + 1;
}

function replaceAll(text: string, part: string, by: string): string {
  if (part === '') return text;
  let result = '';
  let place = 0;
  const [lower, wanted] = [text.toLowerCase(), part.toLowerCase()];
  for (let found = lower.indexOf(wanted); found >= 0; found = lower.indexOf(wanted, place)) {
    result += text.slice(place, found) + by;
    place = found + part.length;
  }
  return result + text.slice(place);
}

const concatenate =
  (hasSeparator: boolean): Define =>
  (of) => {
    const args = argumentsOf(of, hasSeparator ? 3 : 2, 254);
    const isWide = args.some((one) => isUnicode(one.type));
    const isMax = args.some((one) => familyOf(one.type) === 'text' && one.type.length < 0);
    const type = typeOf(isWide ? 'nvarchar' : 'varchar', isMax ? -1 : isWide ? 4000 : 8000);
    const texts = args.map((one) => strictText(one, type));
    return {
      type,
      isNullable: false,
      isNull: false,
      uses: args.reduce((all, one) => both(all, one.uses), 0),
      run(frame) {
        const parts = texts.map((one) => one(frame));
        if (!hasSeparator) return parts.map((one) => one ?? '').join('');
        const [separator, ...rest] = parts;
        return rest.filter((one) => one !== null).join(separator ?? '');
      },
    };
  };

function strictText(of: Bound, type: SqlType): (frame: Frame) => string | null {
  if (of.isNull) return () => null;
  const convert = converter(of.type, type, { isExplicit: true });
  return (frame) => {
    const value = convert(of.run(frame));
    return value === null ? null : String(value);
  };
}

/** Functions of text by upper-case name. */
export const TEXT_FUNCTIONS: Readonly<Record<string, Define>> = {
  LEN: strict(1, 1, ([of]) => ({
    type: INT,
    wants: [textType(of)],
    body: ([text]) => withoutTrailing(String(text)).length,
  })),
  DATALENGTH: strict(1, 1, ([of]) => ({
    type: INT,
    wants: [undefined],
    body: ([value]) => dataLength(value ?? null, of?.type ?? INT),
  })),
  UPPER: same((text) => text.toUpperCase()),
  LOWER: same((text) => text.toLowerCase()),
  REVERSE: same((text) => [...text].reverse().join('')),
  LTRIM: same((text) => text.replace(/^ +/, '')),
  RTRIM: same(withoutTrailing),
  TRIM: same((text) => withoutTrailing(text).replace(/^ +/, '')),
  LEFT: strict(2, 2, ([of]) => {
    const type = textType(of);
    return { type, wants: [type, INT], body: ([text, count]) => String(text).slice(0, length('left', Number(count))) };
  }),
  RIGHT: strict(2, 2, ([of]) => {
    const type = textType(of);
    return {
      type,
      wants: [type, INT],
      body: ([text, count]) => (length('right', Number(count)) === 0 ? '' : String(text).slice(-Number(count))),
    };
  }),
  SUBSTRING: strict(3, 3, ([of]) => {
    const isBinary = of !== undefined && familyOf(of.type) === 'binary';
    const type = isBinary ? of.type : textType(of);
    return {
      type,
      wants: [type, INT, INT],
      body([value, from, count]) {
        const start = Number(from) - 1;
        const end = start + length('substring', Number(count));
        const [low, high] = [Math.max(0, start), Math.max(0, end)];
        return value instanceof Uint8Array ? value.slice(low, high) : String(value).slice(low, high);
      },
    };
  }),
  REPLACE: strict(3, 3, ([of, part, by]) => {
    const type = widened(
      [of, part, by].some((one) => one !== undefined && isUnicode(one.type))
        ? nvarchar(of?.type.length ?? 1)
        : textType(of),
    );
    return {
      type,
      wants: [type, type, type],
      body: ([text, one, other]) => replaceAll(String(text), String(one), String(other)),
    };
  }),
  CHARINDEX: strict(2, 3, ([part, text]) => ({
    type: INT,
    wants: [textType(part), textType(text), INT],
    body: ([one, other, from]) => charIndex(one ?? '', other ?? '', Number(from ?? 1)),
  })),
  PATINDEX: strict(2, 2, ([pattern, text]) => ({
    type: INT,
    wants: [textType(pattern), textType(text)],
    body: ([one, other]) => patternIndex(String(one), String(other)),
  })),
  REPLICATE: strict(2, 2, ([of]) => {
    const type = widened(textType(of));
    return {
      type,
      wants: [type, INT],
      body: ([text, count]) =>
        Number(count) < 0
          ? null
          : String(text)
              .repeat(Number(count))
              .slice(0, type.length < 0 ? undefined : type.length),
    };
  }),
  SPACE: strict(1, 1, () => ({
    type: varchar(8000),
    wants: [INT],
    body: ([count]) => (Number(count) < 0 ? null : ' '.repeat(Number(count))),
  })),
  STUFF: strict(4, 4, ([of, , , by]) => {
    const type = widened(isUnicode(by?.type ?? INT) ? nvarchar(1) : textType(of));
    return {
      type,
      wants: [type, INT, INT, type],
      body([text, from, count, other]) {
        const [value, start, size] = [String(text), Number(from) - 1, Number(count)];
        if (start < 0 || size < 0 || start >= value.length) return null;
        return value.slice(0, start) + String(other) + value.slice(start + size);
      },
    };
  }),
  TRANSLATE: strict(3, 3, ([of]) => {
    const type = textType(of);
    return {
      type,
      wants: [type, nvarchar(4000), nvarchar(4000)],
      body([text, from, to]) {
        const [letters, others] = [caseless(from ?? ''), String(to)];
        if (letters.length !== others.length)
          throw new ContentProblem(
            9828,
            'The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.',
          );
        return [...String(text)].map((letter) => others[letters.indexOf(letter.toLowerCase())] ?? letter).join('');
      },
    };
  }),
  CONCAT: concatenate(false),
  CONCAT_WS: concatenate(true),
  CHAR: strict(1, 1, () => ({
    type: typeOf('char', 1),
    wants: [INT],
    body: ([code]) =>
      Number(code) < 0 || Number(code) > 255
        ? null
        : new TextDecoder('windows-1252').decode(Uint8Array.of(Number(code))),
  })),
  NCHAR: strict(1, 1, () => ({
    type: typeOf('nchar', 1),
    wants: [INT],
    body: ([code]) => String.fromCharCode(Number(code)),
  })),
  ASCII: strict(1, 1, () => ({
    type: INT,
    wants: [varchar(8000)],
    body: ([text]) => encodeText(toCodePage(String(text)), varchar(1))[0] ?? null,
  })),
  UNICODE: strict(1, 1, () => ({
    type: INT,
    wants: [nvarchar(4000)],
    body: ([text]) => String(text).codePointAt(0) ?? null,
  })),
  QUOTENAME: strict(1, 2, () => ({
    type: nvarchar(258),
    wants: [nvarchar(128), nvarchar(1)],
    body: ([name, by]) => quoteName(String(name), String(by ?? '[')),
  })),
  PARSENAME: strict(2, 2, () => ({
    type: nvarchar(128),
    wants: [nvarchar(776), INT],
    body: ([name, part]) => splitParts(String(name)).reverse()[Number(part) - 1] ?? null,
  })),
  STR: strict(1, 3, () => ({
    type: varchar(8000),
    wants: [FLOAT, INT, INT],
    body([value, size, decimals]) {
      const text = Number(value).toFixed(Number(decimals ?? 0));
      const wanted = Number(size ?? 10);
      return text.length > wanted ? '*'.repeat(wanted) : text.padStart(wanted);
    },
  })),
  STRING_ESCAPE: strict(2, 2, () => ({
    type: nvarchar(-1),
    wants: [nvarchar(-1), nvarchar(10)],
    body: ([text]) => JSON.stringify(String(text)).slice(1, -1).replaceAll('/', '\\/'),
  })),
  HASHBYTES: strict(2, 2, ([, of]) => ({
    type: typeOf('varbinary', 8000),
    wants: [varchar(20), undefined],
    body([algorithm, value]) {
      const bytes = value instanceof Uint8Array ? value : encodeText(String(value), of?.type ?? nvarchar(1));
      return createHash(String(algorithm).toLowerCase().replace('sha2_', 'sha')).update(bytes).digest();
    },
  })),
};

function dataLength(value: Value, type: SqlType): number {
  if (value instanceof Uint8Array) return value.length;
  const sizes: Readonly<Record<string, number>> = {
    bit: 1,
    tinyint: 1,
    smallint: 2,
    int: 4,
    bigint: 8,
    float: 8,
    real: 4,
    money: 8,
    smallmoney: 4,
    datetime: 8,
    smalldatetime: 4,
    date: 3,
    uniqueidentifier: 16,
  };
  const size = sizes[type.name];
  if (size !== undefined) return size;
  if (typeof value === 'string') return isUnicode(type) ? value.length * 2 : value.length;
  if (familyOf(type) === 'decimal')
    return type.precision <= 9 ? 5 : type.precision <= 19 ? 9 : type.precision <= 28 ? 13 : 17;
  const time = type.scale <= 2 ? 3 : type.scale <= 4 ? 4 : 5;
  return type.name === 'time' ? time : type.name === 'datetime2' ? time + 3 : time + 5;
}

function patternIndex(pattern: string, text: string): number {
  const isOpenLeft = pattern.startsWith('%');
  const source = likeSource(pattern.replace(/^%/, '').replace(/%$/, ''), undefined);
  const expression = new RegExp(`${isOpenLeft ? '' : '^'}${source}${pattern.endsWith('%') ? '' : '$'}`, 'isu');
  return text.search(expression) + 1;
}

function quoteName(name: string, by: string): string | null {
  if (by === '[' || by === ']') return `[${name.replaceAll(']', ']]')}]`;
  if (by === '"' || by === "'" || by === '`') return `${by}${name.replaceAll(by, by + by)}${by}`;
  return null;
}
