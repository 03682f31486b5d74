import type {
  Assignment,
  CommonTable,
  Condition,
  Expression,
  MergeBranch,
  Name,
  Output,
  Query,
  TableSource,
  Target,
  Top,
  TypeSyntax,
} from './ast.ts';

/** What a batch is made of. */
export type Statement = ControlFlow | Change | Definition;

export type ControlFlow =
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | {
      readonly kind: 'if';
      readonly condition: Condition;
      readonly then: Statement;
      readonly otherwise: Statement | undefined;
    }
  | { readonly kind: 'while'; readonly condition: Condition; readonly body: Statement }
  | { readonly kind: 'try'; readonly body: readonly Statement[]; readonly handler: readonly Statement[] }
  | {
      readonly kind: 'declare';
      readonly name: string;
      readonly type: TypeSyntax;
      readonly value: Expression | undefined;
    }
  | { readonly kind: 'declare-table'; readonly name: string; readonly table: TableParts }
  | { readonly kind: 'declare-cursor'; readonly name: string; readonly query: Query }
  | { readonly kind: 'cursor'; readonly does: 'OPEN' | 'CLOSE' | 'DEALLOCATE'; readonly name: string }
  | { readonly kind: 'fetch'; readonly name: string; readonly into: readonly string[] }
  | { readonly kind: 'set'; readonly name: string; readonly operator: string; readonly value: Expression }
  | { readonly kind: 'option'; readonly name: string; readonly value: string; readonly table: Name | undefined }
  | { readonly kind: 'transaction'; readonly does: 'begin' | 'commit' | 'rollback' | 'save'; readonly name: string }
  | { readonly kind: 'print'; readonly value: Expression }
  | { readonly kind: 'raiserror'; readonly args: readonly Expression[]; readonly options: readonly string[] }
  | { readonly kind: 'throw'; readonly args: readonly Expression[] }
  | { readonly kind: 'execute'; readonly call: Execute }
  | { readonly kind: 'jump'; readonly to: 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'use'; readonly database: string }
  | {
      readonly kind: 'check-identity';
      readonly table: Expression;
      /** `undefined`: only looked at. */
      readonly reseed: { readonly value: Expression | undefined } | undefined;
    }
  | { readonly kind: 'nothing' };

export type Execute =
  | {
      readonly kind: 'procedure';
      readonly name: Name;
      readonly result: string | undefined;
      readonly args: readonly Argument[];
    }
  | { readonly kind: 'text'; readonly text: Expression };

export interface Argument {
  readonly name: string | undefined;
  readonly value: Expression;
  readonly isOutput: boolean;
}

export type Change =
  | { readonly kind: 'select'; readonly query: Query }
  | {
      readonly kind: 'insert';
      readonly with: readonly CommonTable[];
      readonly top: Top | undefined;
      readonly target: Target;
      readonly columns: readonly string[];
      readonly output: Output | undefined;
      readonly source: Query | 'default' | Execute;
    }
  | {
      readonly kind: 'update' | 'delete';
      readonly with: readonly CommonTable[];
      readonly top: Top | undefined;
      readonly target: Target;
      readonly set: readonly Assignment[];
      readonly output: Output | undefined;
      readonly from: readonly TableSource[];
      readonly where: Condition | undefined;
    }
  | {
      readonly kind: 'merge';
      readonly with: readonly CommonTable[];
      readonly target: Target;
      readonly alias: string | undefined;
      readonly source: TableSource;
      readonly on: Condition;
      readonly branches: readonly MergeBranch[];
      readonly output: Output | undefined;
    }
  | { readonly kind: 'truncate'; readonly table: Name };

export interface ColumnSyntax {
  readonly name: string;
  readonly type: TypeSyntax | undefined;
  readonly computed: { readonly of: Expression; readonly isPersisted: boolean } | undefined;
  readonly isNullable: boolean | undefined;
  readonly identity: { readonly seed: bigint; readonly increment: bigint } | undefined;
  readonly default: { readonly name: string | undefined; readonly of: Expression } | undefined;
  readonly collation: string | undefined;
  readonly constraints: readonly ConstraintSyntax[];
}

export type ConstraintSyntax =
  | {
      readonly kind: 'key';
      readonly name: string | undefined;
      readonly isPrimary: boolean;
      readonly isClustered: boolean | undefined;
      readonly columns: readonly KeyColumn[];
    }
  | { readonly kind: 'check'; readonly name: string | undefined; readonly of: Condition }
  | {
      readonly kind: 'foreign';
      readonly name: string | undefined;
      readonly columns: readonly string[];
      readonly table: Name;
      readonly to: readonly string[];
      readonly onDelete: Action;
      readonly onUpdate: Action;
    }
  | {
      readonly kind: 'default';
      readonly name: string | undefined;
      readonly of: Expression;
      readonly column: string;
      readonly withValues: boolean;
    };

export type Action = 'NO ACTION' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

export interface KeyColumn {
  readonly name: string;
  readonly isDescending: boolean;
}

export interface IndexSyntax {
  readonly name: string;
  readonly isUnique: boolean;
  readonly isClustered: boolean;
  readonly columns: readonly KeyColumn[];
  readonly include: readonly string[];
  readonly filter: Condition | undefined;
  readonly ignoresDuplicates: boolean;
}

/** What stands between the parentheses of CREATE TABLE. */
export interface TableParts {
  readonly columns: readonly ColumnSyntax[];
  readonly constraints: readonly ConstraintSyntax[];
  readonly indexes: readonly IndexSyntax[];
}

export type Definition =
  | { readonly kind: 'create-table'; readonly name: Name; readonly table: TableParts }
  | { readonly kind: 'alter-table'; readonly name: Name; readonly change: TableChange }
  | { readonly kind: 'create-index'; readonly table: Name; readonly index: IndexSyntax; readonly dropExisting: boolean }
  | { readonly kind: 'alter-index'; readonly name: string | undefined; readonly table: Name; readonly does: string }
  | {
      readonly kind: 'drop-index';
      readonly ifExists: boolean;
      readonly indexes: readonly { readonly name: string; readonly table: Name }[];
    }
  | { readonly kind: 'drop'; readonly what: Droppable; readonly ifExists: boolean; readonly names: readonly Name[] }
  | {
      readonly kind: 'module';
      readonly what: 'view' | 'procedure' | 'function';
      readonly how: 'create' | 'alter' | 'create or alter';
      readonly name: Name;
      readonly module: Module;
    }
  | { readonly kind: 'create-schema'; readonly name: string; readonly body: readonly Statement[] }
  | { readonly kind: 'transfer'; readonly schema: string; readonly name: Name }
  | {
      readonly kind: 'create-sequence';
      readonly name: Name;
      readonly type: TypeSyntax;
      readonly start: bigint;
      readonly increment: bigint;
    }
  | {
      readonly kind: 'create-type';
      readonly name: Name;
      readonly of: TypeSyntax;
      readonly isNullable: boolean | undefined;
    };

export type Droppable = 'table' | 'view' | 'procedure' | 'function' | 'schema' | 'sequence' | 'type';

/** A view, procedure or function: its parts, and the text that made it. */
export interface Module {
  readonly text: string;
  readonly columns: readonly string[];
  readonly query: Query | undefined;
  readonly parameters: readonly ParameterSyntax[];
  readonly body: readonly Statement[];
  /** The type of a scalar function's value. */
  readonly returns: TypeSyntax | undefined;
}

export interface ParameterSyntax {
  readonly name: string;
  readonly type: TypeSyntax;
  readonly default: Expression | undefined;
  readonly isOutput: boolean;
}

export type TableChange =
  | { readonly kind: 'add'; readonly parts: TableParts; readonly withValues: boolean; readonly isChecked: boolean }
  | {
      readonly kind: 'drop';
      readonly parts: readonly {
        readonly kind: 'column' | 'constraint';
        readonly name: string;
        readonly ifExists: boolean;
      }[];
    }
  | {
      readonly kind: 'alter-column';
      readonly name: string;
      readonly type: TypeSyntax;
      readonly isNullable: boolean | undefined;
      readonly collation: string | undefined;
    }
  | {
      readonly kind: 'check';
      readonly isEnabled: boolean;
      readonly isChecked: boolean;
      readonly names: readonly string[] | undefined;
    }
  | { readonly kind: 'nothing' };
