import { ContentProblem, unknownSql } from '../problem.ts';
import type { Assignment, CommonTable, MergeBranch, Output, SelectItem, Target } from './ast.ts';
import { parseCondition } from './condition.ts';
import { parseExecute } from './execute.ts';
import { parseExpression } from './expression.ts';
import { parseFrom, parseSource } from './from.ts';
import { takeHints } from './hints.ts';
import { isName, skipParentheses, takeName, takeNameList, takeQualified, takeVariable } from './names.ts';
import { parseItem, parseQuery, parseQueryAfter, parseRows, parseTop, parseWith } from './query.ts';
import type { Reader } from './reader.ts';
import type { Statement } from './statements.ts';

/** Parses SELECT, INSERT, UPDATE, DELETE, MERGE, TRUNCATE; `undefined` when none begins here. */
export function parseChange(reader: Reader): Statement | undefined {
  const common = reader.sees('WITH') ? parseWith(reader) : [];
  if (reader.sees('SELECT') || reader.sees('(')) return { kind: 'select', query: parseQueryAfter(reader, common) };
  if (reader.take('INSERT')) return parseInsert(reader, common);
  if (reader.take('UPDATE')) return parseUpdate(reader, common);
  if (reader.take('DELETE')) return parseDelete(reader, common);
  if (reader.take('MERGE')) return parseMerge(reader, common);
  if (common.length > 0) throw new SyntaxError(reader.peek()?.text ?? 'end of statement');
  if (reader.take('TRUNCATE')) {
    reader.expect('TABLE');
    return { kind: 'truncate', table: takeQualified(reader) };
  }
  return undefined;
}

function parseInsert(reader: Reader, common: readonly CommonTable[]): Statement {
  if (reader.sees('BULK')) throw unknownSql('INSERT BULK');
  const top = parseTop(reader);
  reader.take('INTO');
  const target = parseTarget(reader);
  takeHints(reader);
  const columns = reader.sees('(') && reader.peek(1)?.value !== 'SELECT' ? takeNameList(reader) : [];
  const output = parseOutput(reader);
  const head = { kind: 'insert' as const, with: common, top, target, columns, output };
  if (reader.take('DEFAULT', 'VALUES')) return { ...head, source: 'default' };
  if (reader.take('EXEC') || reader.take('EXECUTE')) return { ...head, source: parseExecute(reader) };
  if (reader.take('VALUES')) {
    const body = { kind: 'values' as const, rows: parseRows(reader) };
    return { ...head, source: { kind: 'query', with: [], body, order: [], offset: undefined, fetch: undefined } };
  }
  return { ...head, source: parseQuery(reader) };
}

function parseTarget(reader: Reader): Target {
  if (reader.peek()?.kind === 'variable') return { kind: 'variable', name: takeVariable(reader) };
  return { kind: 'table', name: takeQualified(reader) };
}

function parseUpdate(reader: Reader, common: readonly CommonTable[]): Statement {
  if (reader.sees('STATISTICS')) {
    while (!reader.isDone && !reader.sees(';')) reader.next();
    return { kind: 'nothing' };
  }
  const top = parseTop(reader);
  const target = parseTarget(reader);
  takeHints(reader);
  reader.expect('SET');
  const set = parseAssignments(reader);
  const output = parseOutput(reader);
  const from = reader.take('FROM') ? parseFrom(reader) : [];
  return { kind: 'update', with: common, top, target, set, output, from, where: parseWhere(reader) };
}

function parseDelete(reader: Reader, common: readonly CommonTable[]): Statement {
  const top = parseTop(reader);
  reader.take('FROM');
  const target = parseTarget(reader);
  takeHints(reader);
  const output = parseOutput(reader);
  const from = reader.take('FROM') ? parseFrom(reader) : [];
  return { kind: 'delete', with: common, top, target, set: [], output, from, where: parseWhere(reader) };
}

function parseWhere(reader: Reader) {
  if (!reader.take('WHERE')) return undefined;
  if (reader.sees('CURRENT', 'OF')) throw unknownSql('WHERE CURRENT OF');
  const where = parseCondition(reader);
  if (reader.take('OPTION')) skipParentheses(reader);
  return where;
}

function parseAssignments(reader: Reader): Assignment[] {
  const assignments: Assignment[] = [];
  do {
    let variable: string | undefined;
    let column: string | undefined;
    if (reader.peek()?.kind === 'variable') {
      variable = takeVariable(reader);
      if (reader.sees('=') && isName(reader.peek(1)) && reader.peek(2)?.text === '=') {
        reader.next();
        column = takeName(reader);
      }
    } else column = takeQualified(reader).at(-1);
    const operator = reader.next().text;
    if (!/^[-+*/%&|^]?=$/.test(operator)) throw new SyntaxError(operator);
    assignments.push({ column, variable, operator, value: parseExpression(reader) });
  } while (reader.take(','));
  return assignments;
}

function parseOutput(reader: Reader): Output | undefined {
  if (!reader.take('OUTPUT')) return undefined;
  const items: SelectItem[] = [];
  do items.push(parseItem(reader));
  while (reader.take(','));
  if (!reader.take('INTO')) return { items, into: undefined, columns: [] };
  return { items, into: parseTarget(reader), columns: takeNameList(reader) };
}

function parseMerge(reader: Reader, common: readonly CommonTable[]): Statement {
  if (reader.sees('TOP')) throw unknownSql('MERGE TOP');
  reader.take('INTO');
  const target = parseTarget(reader);
  takeHints(reader);
  const alias = reader.take('AS') || (isName(reader.peek()) && !reader.sees('USING')) ? takeName(reader) : undefined;
  reader.expect('USING');
  const source = parseSource(reader);
  reader.expect('ON');
  const on = parseCondition(reader);
  const branches: MergeBranch[] = [];
  while (reader.take('WHEN')) branches.push(parseBranch(reader));
  const output = parseOutput(reader);
  if (!reader.sees(';'))
    throw new ContentProblem(10713, 'A MERGE statement must be terminated by a semi-colon (;).', 15);
  return { kind: 'merge', with: common, target, alias, source, on, branches, output };
}

function parseBranch(reader: Reader): MergeBranch {
  const isNot = reader.take('NOT');
  reader.expect('MATCHED');
  let when: MergeBranch['when'] = isNot ? 'not matched' : 'matched';
  if (reader.take('BY', 'SOURCE')) when = 'not matched by source';
  else reader.take('BY', 'TARGET');
  const condition = reader.take('AND') ? parseCondition(reader) : undefined;
  reader.expect('THEN');
  if (reader.take('DELETE')) return { when, condition, action: { kind: 'delete' } };
  if (reader.take('UPDATE', 'SET'))
    return { when, condition, action: { kind: 'update', set: parseAssignments(reader) } };
  reader.expect('INSERT');
  const columns = takeNameList(reader);
  if (reader.take('DEFAULT', 'VALUES')) return { when, condition, action: { kind: 'insert', columns: [], values: [] } };
  reader.expect('VALUES');
  const [values = []] = parseRows(reader);
  return { when, condition, action: { kind: 'insert', columns, values } };
}
