import type { Bound } from '../../env.ts';
import { ContentProblem } from '../../problem.ts';
import { INT } from '../../values/sql-type.ts';
import type { Value } from '../../values/value.ts';
import { both } from '../bound.ts';
import type { Define, FunctionCall } from '../function-contract.ts';

/** What cannot be compared is left out. https://learn.microsoft.com/sql/t-sql/functions/binary-checksum-transact-sql */
const NOT_COMPARED: ReadonlySet<string> = new Set(['text', 'ntext', 'image', 'xml']);

/** Other numbers than SQL Server's; but as there the same row always has the same, and another one nearly always another. */
export const CHECKSUM_FUNCTIONS: Readonly<Record<string, Define>> = {
  BINARY_CHECKSUM(of) {
    const values = (of.call.isStar ? columnsOf(of) : of.call.args.map((one) => of.compile(one))).filter(
      ({ type }) => !NOT_COMPARED.has(type.name),
    );
    if (values.length === 0)
      throw new ContentProblem(
        8484,
        'The BINARY_CHECKSUM function requires a column that can be compared.',
        16,
        'scope',
      );
    return {
      type: INT,
      isNullable: false,
      isNull: false,
      uses: values.reduce((uses, one) => both(uses, one.uses), 0),
      run: (frame) => checksum(values.map((one) => one.run(frame))),
    };
  },
};

function columnsOf({ scope }: FunctionCall): Bound[] {
  return scope.sources.flatMap(({ columns }, place) =>
    columns.map((column) => ({
      type: column.type,
      isNullable: column.isNullable,
      isNull: false,
      uses: 1 << place,
      run: (frame) => frame.rows[place]?.[column.place] ?? null,
    })),
  );
}

/** FNV-1a of the values as text. http://www.isthe.com/chongo/tech/comp/fnv/ */
function checksum(values: readonly Value[]): number {
  const text = JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
