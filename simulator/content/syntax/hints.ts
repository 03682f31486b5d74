import { skipParentheses } from './names.ts';
import type { Reader } from './reader.ts';

/** `WITH (NOLOCK)` and the old `(NOLOCK)`: the simulator's locks do not depend on hints. */
export function takeHints(reader: Reader): void {
  if (reader.sees('WITH', '(') && isHint(reader.peek(2)?.value)) {
    reader.next();
    skipParentheses(reader);
  } else if (reader.sees('(') && isHint(reader.peek(1)?.value)) skipParentheses(reader);
}

const HINTS: ReadonlySet<string> = new Set(
  `NOLOCK UPDLOCK HOLDLOCK ROWLOCK TABLOCK TABLOCKX XLOCK READPAST SERIALIZABLE READCOMMITTED READUNCOMMITTED
REPEATABLEREAD PAGLOCK NOWAIT INDEX FORCESEEK FORCESCAN NOEXPAND SNAPSHOT READCOMMITTEDLOCK KEEPIDENTITY KEEPDEFAULTS`.split(
    /\s+/,
  ),
);

/** Whether a word is a table hint. */
export function isHint(word: string | undefined): boolean {
  return word !== undefined && HINTS.has(word);
}
