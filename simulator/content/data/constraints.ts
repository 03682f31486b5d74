import { type Schema, type Table, tablesOf } from './schema.ts';

/** A constraint as an object of its schema. */
export interface ConstraintObject {
  readonly id: number;
  readonly name: string;
  /** `PK`, `UQ`, `F`, `C`, `D`. */
  readonly type: 'PK' | 'UQ' | 'F' | 'C' | 'D';
  readonly table: Table;
  readonly isSystemNamed: boolean;
}

/** The constraints of a table. */
export function constraintsOf(table: Table): ConstraintObject[] {
  return [
    ...table.indexes.flatMap((one) =>
      one.constraintId === undefined
        ? []
        : [{ ...named(one), id: one.constraintId, type: one.isPrimary ? ('PK' as const) : ('UQ' as const), table }],
    ),
    ...table.foreignKeys.map((one) => ({ ...named(one), type: 'F' as const, table })),
    ...table.checks.map((one) => ({ ...named(one), type: 'C' as const, table })),
    ...table.columns.flatMap((one) =>
      one.default === undefined ? [] : [{ ...named(one.default), type: 'D' as const, table }],
    ),
  ];
}

function named(one: { readonly id: number; readonly name: string; readonly isSystemNamed: boolean }) {
  return { id: one.id, name: one.name, isSystemNamed: one.isSystemNamed };
}

export function constraintOf(schema: Schema, owner: string, name: string): ConstraintObject | undefined {
  for (const table of tablesOf(schema)) {
    if (table.schema.toLowerCase() !== owner.toLowerCase()) continue;
    const found = constraintsOf(table).find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return undefined;
}
