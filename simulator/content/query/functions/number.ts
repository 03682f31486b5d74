import type { Bound } from '../../env.ts';
import { ContentProblem } from '../../problem.ts';
import { abs, power, rescale } from '../../values/decimal.ts';
import { decimal, FLOAT, familyOf, INT, nameOf, type SqlType, typeOf } from '../../values/sql-type.ts';
import { overflow } from '../../values/to-integer.ts';
import type { Value } from '../../values/value.ts';
import { type Define, fromFrame, strict } from '../function-contract.ts';

/** Numbers keep their kind; anything else becomes a float. */
function numberType(of: Bound | undefined): SqlType {
  const type = of?.type ?? INT;
  const family = familyOf(type);
  if (family === 'integer') return type.name === 'bigint' ? typeOf('bigint') : INT;
  return family === 'decimal' || family === 'money' ? type : FLOAT;
}

/** A function of one number, for floats and for exact digits. */
function exactOrFloat(
  float: (value: number) => number,
  exact: (digits: bigint, scale: number) => bigint,
  result: (type: SqlType) => SqlType,
  isWhole = false,
): Define {
  return strict(1, 1, ([of]) => {
    const from = numberType(of);
    const type = result(from);
    return {
      type,
      wants: [from],
      body([value]) {
        if (familyOf(from) === 'float') return float(Number(value));
        const result = exact(BigInt(value as number | bigint), from.scale);
        const digits = familyOf(from) === 'money' && type.scale === 4 && isWhole ? result * 10_000n : result;
        return typeof value === 'number' ? fitting(digits, type) : digits;
      },
    };
  });
}

function fitting(digits: bigint, type: SqlType): number {
  const value = Number(digits);
  if (value > 2_147_483_647 || value < -2_147_483_648) throw overflow('expression', type);
  return value;
}

/** Whole numbers of a decimal have no scale; money keeps its four. */
function withoutScale(type: SqlType): SqlType {
  return familyOf(type) === 'decimal' ? decimal(type.precision, 0) : type;
}

function float(body: (value: number) => number): Define {
  return strict(1, 1, () => ({
    type: FLOAT,
    wants: [FLOAT],
    body([value]) {
      const result = body(Number(value));
      if (!Number.isFinite(result)) throw new ContentProblem(3623, 'An invalid floating point operation occurred.');
      return result;
    },
  }));
}

/** Functions of numbers by upper-case name. */
export const NUMBER_FUNCTIONS: Readonly<Record<string, Define>> = {
  ABS: exactOrFloat(Math.abs, abs, (type) => type),
  SIGN: exactOrFloat(
    Math.sign,
    (digits, scale) => (digits === 0n ? 0n : digits > 0n ? power(scale) : -power(scale)),
    (type) => type,
  ),
  CEILING: exactOrFloat(Math.ceil, ceiling, withoutScale, true),
  FLOOR: exactOrFloat(Math.floor, (digits, scale) => -ceiling(-digits, scale), withoutScale, true),
  ROUND: strict(2, 3, ([of]) => {
    const type = numberType(of);
    return {
      type,
      wants: [type, INT, INT],
      body: ([value, places, cut]) => round(value ?? 0, type, Number(places), Number(cut ?? 0) !== 0),
    };
  }),
  POWER: strict(2, 2, ([of]) => {
    const type = numberType(of);
    return {
      type,
      wants: [type, FLOAT],
      body([base, exponent]) {
        const result = Number(textOf(base ?? 0, type)) ** Number(exponent);
        if (familyOf(type) === 'float') return result;
        if (type.name === 'int') return fitting(BigInt(Math.trunc(result)), type);
        return rescale(BigInt(Math.round(result * 10 ** type.scale)), type.scale, type.scale);
      },
    };
  }),
  SQRT: float(Math.sqrt),
  SQUARE: float((value) => value * value),
  EXP: float(Math.exp),
  LOG10: float(Math.log10),
  LOG: strict(1, 2, () => ({
    type: FLOAT,
    wants: [FLOAT, FLOAT],
    body: ([value, base]) =>
      base === undefined ? Math.log(Number(value)) : Math.log(Number(value)) / Math.log(Number(base)),
  })),
  SIN: float(Math.sin),
  COS: float(Math.cos),
  TAN: float(Math.tan),
  ATAN: float(Math.atan),
  RADIANS: float((value) => (value * Math.PI) / 180),
  DEGREES: float((value) => (value * 180) / Math.PI),
  PI: fromFrame(FLOAT, () => Math.PI),
  RAND: strict(0, 1, () => ({
    type: FLOAT,
    wants: [INT],
    body: (_values, frame) => Number.parseInt(frame.env.nextRandom().slice(0, 8), 16) / 0x1_0000_0000,
  })),
  ISNUMERIC: strict(1, 1, ([of]) => ({
    type: INT,
    wants: [undefined],
    body: ([value]) =>
      typeof value !== 'string'
        ? Number(!['binary', 'date', 'guid'].includes(familyOf(of?.type ?? INT)))
        : /^\s*[-+]?[$]?(\d[\d,]*\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value)
          ? 1
          : 0,
  })),
};

function ceiling(digits: bigint, scale: number): bigint {
  const unit = power(scale);
  const whole = digits / unit;
  return digits % unit > 0n ? whole + 1n : whole;
}

function textOf(value: Value, type: SqlType): string {
  return typeof value === 'bigint' && type.scale > 0 ? String(Number(value) / 10 ** type.scale) : String(value);
}

function round(value: NonNullable<Value>, type: SqlType, places: number, isCut: boolean): Value {
  if (familyOf(type) === 'float') {
    const factor = 10 ** places;
    const scaled = Number(value) * factor;
    return (isCut ? Math.trunc(scaled) : Math.sign(scaled) * Math.round(Math.abs(scaled))) / factor;
  }
  if (typeof value !== 'bigint' && typeof value !== 'number')
    throw new ContentProblem(
      8116,
      `Argument data type ${nameOf(type)} is invalid for argument 1 of round function.`,
      16,
      'scope',
    );
  const lost = type.scale - places;
  if (lost <= 0) return value;
  const unit = power(lost);
  const digits = BigInt(value);
  const kept = isCut ? digits / unit : rescale(digits, lost, 0);
  return typeof value === 'number' ? fitting(kept * unit, type) : kept * unit;
}
