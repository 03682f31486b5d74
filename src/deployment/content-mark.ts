import { createHash } from 'node:crypto';
import { type Form, TAG_LENGTH } from './tag-forms.ts';

/** The tables of a database, by their object id. */
export type TableContents = readonly {
  readonly table: string;
  readonly rows: number;
  readonly sum: number | undefined;
}[];

/** What a copy held when it was complete, in few enough characters for a tag. */
export interface ContentMark {
  /** `sums`: the engine's checksum of the rows of each table; `rows`: their numbers. */
  readonly by: 'sums' | 'rows';
  readonly tables: number;
  readonly rows: number;
  readonly digest: string;
  /** Rows of the tables by object id, as many tables as there is room for. */
  readonly each: readonly number[];
}

/** How the content of a copy differs from that mark. */
export interface ContentChange {
  readonly by: ContentMark['by'];
  readonly same: boolean;
  readonly rowsBefore: number;
  /** Tables with other numbers of rows, as far as the mark tells them. */
  readonly tables: readonly { readonly table: string; readonly before: number; readonly now: number }[];
}

export function markOf(content: TableContents): ContentMark {
  const by = content.every(({ sum }) => sum !== undefined) ? 'sums' : 'rows';
  return {
    by,
    tables: content.length,
    rows: rowsIn(content),
    digest: digestOf(content, by),
    each: content.map(({ rows }) => rows),
  };
}

/** A digest by rows says as much as before about a content with checksums, and not the other way round. */
export function changeSince(mark: ContentMark, content: TableContents): ContentChange {
  const isComparable = mark.tables === content.length;
  const tables = content.flatMap(({ table, rows }, index) => {
    const before = mark.each[index];
    return isComparable && before !== undefined && before !== rows ? [{ table, before, now: rows }] : [];
  });
  return { by: mark.by, same: digestOf(content, mark.by) === mark.digest, rowsBefore: mark.rows, tables };
}

function rowsIn(content: TableContents): number {
  return content.reduce((sum, { rows }) => sum + rows, 0);
}

function digestOf(content: TableContents, by: ContentMark['by']): string {
  const lines = content.map(({ table, rows, sum }) => JSON.stringify([table, rows, by === 'sums' ? sum : 0]));
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}

/** `by|tables|rows|digest|rows of each`, the last in base 36 with points between, cut where the tag ends. */
export const contentMark: Form<ContentMark> = {
  write({ by, tables, rows, digest, each }) {
    let text = `${by}|${tables}|${rows}|${digest}|`;
    for (const [index, one] of each.entries()) {
      const more = `${index === 0 ? '' : '.'}${one.toString(36)}`;
      if (text.length + more.length > TAG_LENGTH) break;
      text += more;
    }
    return text;
  },
  read(text) {
    const found = /^(sums|rows)\|(\d{1,9})\|(\d{1,15})\|([0-9a-f]{16})\|((?:[0-9a-z]{1,10}(?:\.(?=.)|$))*)$/.exec(text);
    if (!found) return undefined;
    const [, by, tables, rows, digest = '', each = ''] = found;
    return {
      by: by === 'sums' ? 'sums' : 'rows',
      tables: Number(tables),
      rows: Number(rows),
      digest,
      each: each === '' ? [] : each.split('.').map((one) => Number.parseInt(one, 36)),
    };
  },
  allowed: 'sums or rows, two numbers, a digest and numbers of rows, | between',
};
