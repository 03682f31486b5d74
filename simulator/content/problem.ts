import { fault } from '../model/sql/faults.ts';
import type { SqlFault } from '../model/sql/state.ts';

/** A statement failed with an SQL Server error. */
export class ContentProblem extends Error {
  readonly fault: SqlFault;
  constructor(number: number, message: string, severity = 16) {
    super(message);
    this.name = 'ContentProblem';
    this.fault = fault(number, severity, message);
  }
}

/** For T-SQL that the content engine does not know: loud, and naming itself. */
export function unknownSql(what: string): ContentProblem {
  return new ContentProblem(40000, `The simulator does not model: ${what}`);
}

/** The SQL Server error for what SQLite, or the parser, said. */
export function toProblem(error: unknown, database: string): ContentProblem {
  if (error instanceof ContentProblem) return error;
  if (error instanceof SyntaxError) return new ContentProblem(102, `Incorrect syntax near '${error.message}'.`, 15);
  // SQLite's errors may come from another realm, where `instanceof Error` says no.
  const { message: text = String(error), errcode: code = 0 } = (error ?? {}) as { message?: string; errcode?: number };
  const after = (pattern: RegExp) => pattern.exec(text)?.[1];
  const table = after(/no such table: (?:main\.|temp\.)?(.+)/);
  if (table !== undefined) return new ContentProblem(208, `Invalid object name '${table}'.`);
  const column = after(/no such column: (?:.*\.)?(.+)/) ?? after(/has no column named (.+)/);
  if (column !== undefined) return new ContentProblem(207, `Invalid column name '${column}'.`);
  const required = /NOT NULL constraint failed: (.+)\.(.+)/.exec(text);
  if (required !== null)
    return new ContentProblem(
      515,
      `Cannot insert the value NULL into column '${required[2]}', table '${database}.dbo.${required[1]}'; column does not allow nulls. INSERT fails.`,
    );
  const unique = /UNIQUE constraint failed: (?:index '(.+)'|([^.]+)\..*)/.exec(text);
  if (unique !== null) {
    const name = unique[2] ?? unique[1] ?? '';
    if (code === 1555 || code === 2579)
      return new ContentProblem(
        2627,
        `Violation of PRIMARY KEY constraint 'PK_${name}'. Cannot insert duplicate key in object 'dbo.${name}'.`,
        14,
      );
    return new ContentProblem(
      2627,
      `Violation of UNIQUE KEY constraint. Cannot insert duplicate key in object 'dbo.${name}'.`,
      14,
    );
  }
  if (/FOREIGN KEY constraint failed/.test(text))
    return new ContentProblem(547, 'The statement conflicted with a FOREIGN KEY constraint.');
  if (/CHECK constraint failed/.test(text))
    return new ContentProblem(547, `The statement conflicted with the CHECK constraint "${after(/failed: (.+)/)}".`);
  const exists = after(/(?:table|view|index) "?(.+?)"? already exists/);
  if (exists !== undefined)
    return new ContentProblem(2714, `There is already an object named '${exists}' in the database.`);
  const duplicate = after(/duplicate column name: (.+)/);
  if (duplicate !== undefined)
    return new ContentProblem(
      2705,
      `Column names in each table must be unique. Column name '${duplicate}' is specified more than once.`,
    );
  const near = after(/near "(.*?)": syntax error/);
  if (near !== undefined) return new ContentProblem(102, `Incorrect syntax near '${near}'.`, 15);
  const called = after(/no such function: (.+)/);
  if (called !== undefined)
    return new ContentProblem(195, `'${called}' is not a recognized built-in function name.`, 15);
  if (/non-constant default/.test(text)) return unknownSql('adding a column with a default that is not a constant');
  return new ContentProblem(50000, text);
}
