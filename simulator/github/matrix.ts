import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { type Json, Unmodelled } from './contract.ts';
import { asText, evaluate, type Scope } from './expressions.ts';

interface Combination {
  /** As it follows the job's name: ` (a, 1)`; empty without a matrix. */
  readonly suffix: string;
  readonly values: Readonly<Record<string, Json>>;
}

interface Strategy {
  readonly combinations: readonly Combination[];
  readonly failFast: boolean;
}

/** The combinations of `strategy.matrix`, with `include` and `exclude`; one without values when there is none. */
export function strategyOf(token: TemplateToken | undefined, scope: Scope): Strategy {
  const strategy = record(evaluate(token, scope));
  const known = ['matrix', 'fail-fast'];
  const unknown = Object.keys(strategy).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Unmodelled(`strategy.${unknown}`);
  if (strategy.matrix === undefined) return { combinations: [{ suffix: '', values: {} }], failFast: true };
  const { include, exclude, ...axes } = record(strategy.matrix);
  const excluded = list(exclude).map(record);
  const crossed = Object.entries(axes)
    .reduce<Record<string, Json>[]>(
      (rows, [axis, values]) => rows.flatMap((row) => list(values).map((value) => ({ ...row, [axis]: value }))),
      [{}],
    )
    .filter((row) => !excluded.some((pattern) => matches(row, pattern)));
  const rows = Object.keys(axes).length === 0 ? [] : crossed;
  for (const extra of list(include).map(record)) {
    const own = Object.fromEntries(Object.entries(extra).filter(([key]) => key in axes));
    const extended = rows.filter((row) => matches(row, own));
    if (Object.keys(extra).length > Object.keys(own).length && extended.length > 0) {
      for (const row of extended) Object.assign(row, extra);
    } else {
      rows.push(extra);
    }
  }
  return {
    combinations: rows.map((values) => ({ suffix: ` (${Object.values(values).map(asText).join(', ')})`, values })),
    failFast: strategy['fail-fast'] !== false,
  };
}

function matches(row: Record<string, Json>, pattern: Record<string, Json>): boolean {
  return Object.entries(pattern).every(([key, value]) => asText(row[key] ?? null) === asText(value));
}

function record(value: Json | undefined): Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
