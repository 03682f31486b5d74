import { unknownSql } from '../problem.ts';
import { parseAlterTable } from './alter-table.ts';
import type { Name } from './ast.ts';
import { parseModule } from './module.ts';
import { isName, takeInteger, takeName, takeQualified, takeType } from './names.ts';
import type { Reader } from './reader.ts';
import type { Definition, Droppable, Statement } from './statements.ts';
import { finishIndex, parseKeyColumns, parseTableParts, takeIndexOptions, takePlace } from './table.ts';

/** Parses CREATE, ALTER, DROP; `undefined` when none begins here. */
export function parseDefinition(reader: Reader): Definition | undefined {
  const start = reader.place;
  if (reader.take('CREATE')) return parseCreate(reader, start);
  if (reader.take('ALTER')) return parseAlter(reader, start);
  if (reader.take('DROP')) return parseDrop(reader);
  for (const word of ['ENABLE', 'DISABLE']) if (reader.sees(word)) throw unknownSql(`${word} TRIGGER`);
  return undefined;
}

function parseCreate(reader: Reader, start: number): Definition {
  if (reader.take('TABLE')) {
    const name = takeQualified(reader);
    if (reader.sees('AS')) throw unknownSql(`CREATE TABLE AS ${reader.peek(1)?.value}`);
    const table = parseTableParts(reader);
    takePlace(reader);
    takeIndexOptions(reader);
    return { kind: 'create-table', name, table };
  }
  if (reader.take('OR', 'ALTER')) {
    return parseModule(reader, start, 'create or alter') ?? unmodelled('CREATE OR ALTER', reader);
  }
  const module = parseModule(reader, start, 'create');
  if (module !== undefined) return module;
  const isUnique = reader.take('UNIQUE');
  const isClustered = reader.take('CLUSTERED');
  if (!isClustered) reader.take('NONCLUSTERED');
  if (reader.take('INDEX')) {
    const name = takeName(reader);
    reader.expect('ON');
    const table = takeQualified(reader);
    const place = reader.place;
    const index = finishIndex(reader, { name, isUnique, isClustered, columns: parseKeyColumns(reader) });
    const dropExisting = /DROP_EXISTING\s*=\s*ON/i.test(reader.textFrom(place));
    return { kind: 'create-index', table, index, dropExisting };
  }
  if (reader.take('SCHEMA')) return parseSchema(reader);
  if (reader.take('SEQUENCE')) return parseSequence(reader);
  if (reader.take('TYPE')) {
    const name = takeQualified(reader);
    if (!reader.take('FROM')) throw unknownSql('CREATE TYPE … AS TABLE');
    const of = takeType(reader);
    const isNullable = reader.take('NOT', 'NULL') ? false : reader.take('NULL') ? true : undefined;
    return { kind: 'create-type', name, of, isNullable };
  }
  return unmodelled('CREATE', reader);
}

function parseSchema(reader: Reader): Definition {
  const name = reader.take('AUTHORIZATION') ? takeName(reader) : takeName(reader);
  if (reader.take('AUTHORIZATION')) takeName(reader);
  const body: Statement[] = [];
  while (reader.sees('CREATE')) body.push(reader.statement());
  return { kind: 'create-schema', name, body };
}

function parseSequence(reader: Reader): Definition {
  const name = takeQualified(reader);
  let type = { name: 'bigint', args: [] as readonly number[], schema: undefined as string | undefined };
  let start = 1n;
  let increment = 1n;
  for (;;) {
    if (reader.take('AS')) type = { ...takeType(reader), schema: undefined };
    else if (reader.take('START', 'WITH')) start = takeInteger(reader);
    else if (reader.take('INCREMENT', 'BY')) increment = takeInteger(reader);
    else if (reader.take('NO')) reader.next();
    else if (reader.take('CACHE')) {
      if (reader.peek()?.kind === 'number') reader.next();
    } else if (reader.take('MINVALUE') || reader.take('MAXVALUE')) takeInteger(reader);
    else if (reader.sees('CYCLE')) throw unknownSql('a sequence that cycles');
    else return { kind: 'create-sequence', name, type, start, increment };
  }
}

function parseAlter(reader: Reader, start: number): Definition {
  if (reader.take('TABLE')) return parseAlterTable(reader);
  const module = parseModule(reader, start, 'alter');
  if (module !== undefined) return module;
  if (reader.take('INDEX')) {
    const name = reader.take('ALL') ? undefined : takeName(reader);
    reader.expect('ON');
    const table = takeQualified(reader);
    const does = reader.next().value;
    takeIndexOptions(reader);
    return { kind: 'alter-index', name, table, does };
  }
  if (reader.take('SCHEMA')) {
    const schema = takeName(reader);
    reader.expect('TRANSFER');
    if (reader.peek(1)?.text === '::') reader.place += 2;
    return { kind: 'transfer', schema, name: takeQualified(reader) };
  }
  return unmodelled('ALTER', reader);
}

const DROPPABLE: Readonly<Record<string, Droppable>> = {
  TABLE: 'table',
  VIEW: 'view',
  PROCEDURE: 'procedure',
  PROC: 'procedure',
  SCHEMA: 'schema',
  FUNCTION: 'function',
  SEQUENCE: 'sequence',
  TYPE: 'type',
};

function parseDrop(reader: Reader): Definition {
  if (reader.take('INDEX')) return parseDropIndex(reader);
  const what = DROPPABLE[reader.peek()?.value ?? ''];
  if (what === undefined) return unmodelled('DROP', reader);
  reader.next();
  const ifExists = reader.take('IF', 'EXISTS');
  const names: Name[] = [];
  do names.push(takeQualified(reader));
  while (reader.take(','));
  return { kind: 'drop', what, ifExists, names };
}

function parseDropIndex(reader: Reader): Definition {
  const ifExists = reader.take('IF', 'EXISTS');
  const indexes: { name: string; table: Name }[] = [];
  do {
    const name = takeQualified(reader);
    if (reader.take('ON')) indexes.push({ name: name.at(-1) ?? '', table: takeQualified(reader) });
    else indexes.push({ name: name.at(-1) ?? '', table: name.slice(0, -1) });
    takeIndexOptions(reader);
  } while (reader.take(','));
  return { kind: 'drop-index', ifExists, indexes };
}

function unmodelled(verb: string, reader: Reader): never {
  const token = reader.peek();
  if (!isName(token) && token?.kind !== 'word') throw new SyntaxError(token?.text ?? 'end of statement');
  throw unknownSql(`${verb} ${token?.value}`);
}
