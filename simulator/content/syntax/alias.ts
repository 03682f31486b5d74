import { isName, takeName } from './names.ts';
import type { Reader } from './reader.ts';

/** `AS name`, `name`, `AS 'name'`. */
export function parseAlias(reader: Reader): string | undefined {
  const isSaid = reader.take('AS');
  const token = reader.peek();
  if (token?.kind === 'string') return reader.next().value;
  if (isName(token) && (isSaid || !startsStatement(token?.kind === 'word' ? token.value : ''))) return takeName(reader);
  if (isSaid) throw new SyntaxError(token?.text ?? 'end of statement');
  return undefined;
}

/** Words that are not reserved and yet begin a statement rather than name what stands before them. */
function startsStatement(word: string): boolean {
  return ['THROW', 'OFFSET', 'GO', 'OUTPUT', 'MATCHED', 'USING', 'WINDOW'].includes(word);
}
