import type { Expression } from '../syntax/ast.ts';
import { findColumn, type Scope } from './scope.ts';

/** Text that two expressions share exactly when they are the same, whatever the case and qualifiers of their columns. */
export function canonical(expression: Expression, scope: Scope): string {
  return JSON.stringify(expression, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('kind' in value)) return value;
    const node = value as Expression;
    if (node.kind !== 'column') return value;
    try {
      const found = findColumn(scope, node.name);
      return `#${found.levels}.${found.source}.${found.column.place}`;
    } catch {
      return value;
    }
  });
}
