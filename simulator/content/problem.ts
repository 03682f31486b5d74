import { fault } from '../model/sql/faults.ts';
import type { SqlFault } from '../model/sql/state.ts';

/**
 * How far an error reaches when nothing catches it and XACT_ABORT is off: `statement`: the batch goes on with the next
 * statement; `scope`: the batch or procedure ends, its transaction stays; `batch`: everything ends and the transaction
 * is rolled back, or is doomed inside TRY. Source: sommarskog.se/error_handling/Part2.html;
 * https://learn.microsoft.com/sql/t-sql/language-elements/try-catch-transact-sql#uncommittable-transactions-and-xact_state
 */
export type Reach = 'statement' | 'scope' | 'batch';

/** A statement failed with an SQL Server error. */
export class ContentProblem extends Error {
  readonly fault: SqlFault;
  readonly reach: Reach;
  /** The nesting level at which a statement could not be compiled; TRY at that level does not catch it. */
  compiledAt: number | undefined;
  /** A TRY further out will catch it. */
  isCaught = false;
  /** The procedure in which it happened. */
  procedure: string | undefined;
  /** Of RAISERROR: XACT_ABORT leaves it alone. */
  isRaised = false;
  /** Of THROW: it ends the batch. */
  isThrown = false;
  /** Errors that come with it, such as 1750 after 1776. */
  readonly next: readonly SqlFault[];
  constructor(number: number, message: string, severity = 16, reach: Reach = reachOf(number), ...next: SqlFault[]) {
    super(message);
    this.name = 'ContentProblem';
    this.fault = fault(number, severity, message);
    this.reach = reach;
    this.next = next;
  }
}

/** For T-SQL that the content engine does not know: loud, and naming itself. */
export function unknownSql(what: string): ContentProblem {
  return new ContentProblem(40000, `The simulator does not model: ${what}`, 16, 'scope');
}

/** Conversions of text that fail, and what only a batch can have. */
const ENDS_BATCH: ReadonlySet<number> = new Set([235, 241, 244, 245, 248, 295, 1222, 3930, 3992, 3998, 8114, 8169]);
const ENDS_SCOPE: ReadonlySet<number> = new Set([
  102, 105, 111, 127, 137, 156, 195, 201, 206, 207, 208, 209, 213, 214, 217, 257, 262, 306, 319, 402, 529, 1033, 1087,
  8117, 8120, 8155, 8158, 8159, 8144, 8145, 8146, 16915, 16916,
]);

function reachOf(number: number): Reach {
  if (ENDS_BATCH.has(number)) return 'batch';
  return ENDS_SCOPE.has(number) || (number >= 10_700 && number < 10_800) ? 'scope' : 'statement';
}

/** An error of CREATE or ALTER: most of them end the batch and its transaction. */
export function definitionProblem(number: number, message: string, ...next: SqlFault[]): ContentProblem {
  return new ContentProblem(number, message, 16, 'batch', ...next);
}

/** The SQL Server error for whatever was thrown. */
export function toProblem(error: unknown): ContentProblem {
  if (error instanceof ContentProblem) return error;
  if (error instanceof SyntaxError) return new ContentProblem(102, `Incorrect syntax near '${error.message}'.`, 15);
  if (error instanceof RangeError && /call stack/.test(error.message))
    return new ContentProblem(
      217,
      'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
      16,
      'batch',
    );
  // A defect of the engine: no CATCH may hide it either.
  return unknownSql(`this statement, which fails with: ${error instanceof Error ? error.message : String(error)}`);
}
