import { unknownSql } from '../problem.ts';
import { takeName, takeQualified, takeType } from './names.ts';
import type { Reader } from './reader.ts';
import type { Definition, TableChange } from './statements.ts';
import { parsePartList, takeIndexOptions } from './table.ts';

/** Parses what stands after ALTER TABLE. */
export function parseAlterTable(reader: Reader): Definition {
  const name = takeQualified(reader);
  return { kind: 'alter-table', name, change: parseChange(reader) };
}

function parseChange(reader: Reader): TableChange {
  let isChecked = true;
  if (reader.take('WITH')) {
    isChecked = reader.take('CHECK');
    if (!isChecked) reader.expect('NOCHECK');
    if (!reader.sees('ADD')) return parseEnable(reader, isChecked);
  }
  if (reader.take('ADD')) {
    const start = reader.place;
    const parts = parsePartList(reader, () => false);
    return { kind: 'add', parts, withValues: /\bWITH\s+VALUES\b/i.test(reader.textFrom(start)), isChecked };
  }
  if (reader.take('DROP')) return parseDrop(reader);
  if (reader.take('ALTER', 'COLUMN')) return parseAlterColumn(reader);
  if (reader.sees('CHECK') || reader.sees('NOCHECK')) return parseEnable(reader, false);
  if (reader.take('REBUILD')) {
    takeIndexOptions(reader);
    return { kind: 'nothing' };
  }
  throw unknownSql(`ALTER TABLE … ${reader.peek()?.value ?? ''}`);
}

function parseEnable(reader: Reader, isChecked: boolean): TableChange {
  const isEnabled = reader.take('CHECK');
  if (!isEnabled) reader.expect('NOCHECK');
  reader.expect('CONSTRAINT');
  if (reader.take('ALL')) return { kind: 'check', isEnabled, isChecked, names: undefined };
  const names: string[] = [];
  do names.push(takeName(reader));
  while (reader.take(','));
  return { kind: 'check', isEnabled, isChecked, names };
}

function parseDrop(reader: Reader): TableChange {
  const parts: { kind: 'column' | 'constraint'; name: string; ifExists: boolean }[] = [];
  let kind: 'column' | 'constraint' = 'constraint';
  let ifExists = false;
  do {
    if (reader.take('COLUMN')) kind = 'column';
    else if (reader.take('CONSTRAINT')) kind = 'constraint';
    else if (reader.sees('PERIOD')) throw unknownSql('DROP PERIOD');
    if (reader.take('IF', 'EXISTS')) ifExists = true;
    parts.push({ kind, name: takeName(reader), ifExists });
    takeIndexOptions(reader);
  } while (reader.take(','));
  return { kind: 'drop', parts };
}

function parseAlterColumn(reader: Reader): TableChange {
  const name = takeName(reader);
  for (const verb of ['ADD', 'DROP']) if (reader.sees(verb)) throw unknownSql(`ALTER COLUMN … ${verb}`);
  const type = takeType(reader);
  const collation = reader.take('COLLATE') ? reader.name() : undefined;
  const isNullable = reader.take('NOT', 'NULL') ? false : reader.take('NULL') ? true : undefined;
  takeIndexOptions(reader);
  return { kind: 'alter-column', name, type, isNullable, collation };
}
