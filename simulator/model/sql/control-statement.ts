import { type Expression, parseExpression } from './expression.ts';
import { FUNCTIONS } from './functions.ts';
import { type PrincipalStatement, parsePrincipalStatement } from './principals.ts';
import { parseSelect, type Select } from './select.ts';
import { Cursor, type Token, tokenize } from './tokens.ts';
import { VIEWS } from './views.ts';

/** A statement about the server rather than its content. */
export type ControlStatement =
  | {
      readonly kind: 'alter-read-only';
      readonly database: string | undefined;
      readonly isReadOnly: boolean;
      readonly otherwise: 'wait' | 'fail' | number;
    }
  | { readonly kind: 'select'; readonly select: Select }
  | { readonly kind: 'declare'; readonly name: string; readonly value: Expression | undefined }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'execute';
      readonly procedure: string;
      readonly result: string | undefined;
      readonly args: readonly { readonly name: string | undefined; readonly value: Expression }[];
    }
  | { readonly kind: 'kill'; readonly session: Expression }
  | { readonly kind: 'global-table'; readonly name: string }
  | { readonly kind: 'principal'; readonly of: PrincipalStatement }
  | { readonly kind: 'nothing' };

/** What a batch is: about the server, about content, or something about the server that is not modelled. */
type Classified =
  | { readonly kind: 'control'; readonly statements: readonly ControlStatement[] }
  | { readonly kind: 'content' }
  | {
      readonly kind: 'unmodelled';
      readonly what: string;
      /** It is one because of a view of the server, not because of what it does to it. */
      readonly isQuestion: boolean;
    };

const CONTENT: Classified = { kind: 'content' };
const known = new Map<string, Classified>();

/** Classifies a batch; the answer depends on its text only and is remembered. */
export function classify(sql: string): Classified {
  const before = known.get(sql);
  if (before !== undefined) return before;
  const classified = classifyNew(sql);
  if (known.size > 5000) known.clear();
  known.set(sql, classified);
  return classified;
}

/** Whether a batch only asks, so that an engine that knows T-SQL and the server's functions and views can answer it. */
export function isForEngine(sql: string): boolean {
  const classified = classify(sql);
  if (classified.kind === 'content') return true;
  if (classified.kind === 'unmodelled') return classified.isQuestion;
  return classified.statements.every((one) => ['select', 'declare', 'assign', 'nothing'].includes(one.kind));
}

function classifyNew(sql: string): Classified {
  let tokens: Token[];
  try {
    tokens = tokenize(sql);
  } catch {
    return CONTENT; // the content engine reports the syntax error
  }
  const about = aboutTheServer(tokens);
  const isQuestion = VIEWS[about ?? ''] !== undefined;
  try {
    const statements = parseBatch(new Cursor(tokens));
    if (statements !== undefined && (about !== undefined || answers(statements) < 2))
      return { kind: 'control', statements };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (about !== undefined)
      return { kind: 'unmodelled', what: `the statement "${sql}": near "${error.message}"`, isQuestion };
  }
  if (about === undefined) return CONTENT;
  return { kind: 'unmodelled', what: `the statement "${sql}" (${about} here)`, isQuestion };
}

/** How many results a batch gives. The model gives one; the content engine gives any number. */
function answers(statements: readonly ControlStatement[]): number {
  return statements.filter(
    (one) =>
      one.kind === 'select' && one.select.items.some((item) => item.kind === 'all' || item.assigns === undefined),
  ).length;
}

/** A word that only statements about the server contain. */
function aboutTheServer(tokens: readonly Token[]): string | undefined {
  for (const [place, token] of tokens.entries()) {
    const text = token.value.toLowerCase();
    if (token.kind === 'word' && text === 'alter' && tokens[place + 1]?.value === 'DATABASE') return 'ALTER DATABASE';
    if (token.kind === 'word' && text === 'kill' && place === 0) return 'KILL';
    if (text.startsWith('##') && place === 2) return 'a global temporary table';
    if (token.kind === 'word' && (text === 'grant' || text === 'revoke') && place === 0) return text.toUpperCase();
    if (/^(sp_getapplock|sp_releaseapplock|sp_renamedb)$/.test(text)) return text;
    if (
      (token.kind === 'word' || token.kind === 'quoted') &&
      (text.startsWith('dm_') || VIEWS[`sys.${text}`] !== undefined)
    ) {
      if (tokens[place - 1]?.value === '.' && tokens[place - 2]?.value.toLowerCase() === 'sys') return `sys.${text}`;
    }
  }
  return undefined;
}

/** The statements of a batch; `undefined` when one of them is about content. */
function parseBatch(cursor: Cursor): ControlStatement[] | undefined {
  const statements: ControlStatement[] = [];
  for (;;) {
    while (cursor.take(';'));
    if (cursor.isDone) return statements.length === 0 ? undefined : statements;
    const statement = parseStatement(cursor);
    if (statement === undefined) return undefined;
    statements.push(...statement);
  }
}

function parseStatement(cursor: Cursor): ControlStatement[] | undefined {
  if (cursor.take('ALTER', 'DATABASE')) return [parseAlter(cursor)];
  if (cursor.take('KILL')) return [{ kind: 'kill', session: parseExpression(cursor) }];
  if (cursor.take('DECLARE')) return parseDeclare(cursor);
  if (cursor.take('SET')) return parseSet(cursor);
  if (cursor.take('EXEC') || cursor.take('EXECUTE')) return parseExecute(cursor);
  const table = globalTable(cursor);
  if (table !== undefined) return [{ kind: 'global-table', name: table }];
  const principal = parsePrincipalStatement(cursor);
  if (principal !== undefined) return [{ kind: 'principal', of: principal }];
  if (!cursor.sees('SELECT')) return undefined;
  const select = parseSelect(cursor);
  return isAboutServer(select) ? [{ kind: 'select', select }] : undefined;
}

/** `CREATE TABLE ##name (…)`, alone in its batch: it lives in tempdb, not in the content. */
function globalTable(cursor: Cursor): string | undefined {
  const name = cursor.sees('CREATE', 'TABLE') ? cursor.peek(2)?.value : undefined;
  if (name === undefined || !name.startsWith('##')) return undefined;
  while (!cursor.isDone) cursor.next();
  return name;
}

function parseAlter(cursor: Cursor): ControlStatement {
  const database = cursor.take('CURRENT') ? undefined : cursor.name();
  cursor.expect('SET');
  const isReadOnly = cursor.take('READ_ONLY');
  if (!isReadOnly) cursor.expect('READ_WRITE');
  return { kind: 'alter-read-only', database, isReadOnly, otherwise: parseTermination(cursor) };
}

function parseTermination(cursor: Cursor): 'wait' | 'fail' | number {
  if (!cursor.take('WITH')) return 'wait';
  if (cursor.take('NO_WAIT')) return 'fail';
  cursor.expect('ROLLBACK');
  if (cursor.take('IMMEDIATE')) return 0;
  cursor.expect('AFTER');
  const seconds = Number(cursor.next().value);
  cursor.take('SECONDS');
  return seconds * 1000;
}

function parseDeclare(cursor: Cursor): ControlStatement[] {
  const declared: ControlStatement[] = [];
  do {
    const variable = cursor.next();
    if (variable.kind !== 'variable') throw new SyntaxError(variable.text);
    cursor.take('AS');
    cursor.name();
    if (cursor.take('(')) {
      while (!cursor.take(')')) cursor.next();
    }
    declared.push({
      kind: 'declare',
      name: variable.value.toLowerCase(),
      value: cursor.take('=') ? parseExpression(cursor) : undefined,
    });
  } while (cursor.take(','));
  return declared;
}

function parseSet(cursor: Cursor): ControlStatement[] {
  const first = cursor.next();
  if (first.kind === 'variable') {
    cursor.expect('=');
    return [{ kind: 'assign', name: first.value.toLowerCase(), value: parseExpression(cursor) }];
  }
  // SET NOCOUNT ON, SET LOCK_TIMEOUT 5000, SET TRANSACTION ISOLATION LEVEL READ COMMITTED: nothing that the model feels.
  while (
    !cursor.isDone &&
    !cursor.sees(';') &&
    !['SELECT', 'EXEC', 'EXECUTE', 'DECLARE', 'SET', 'ALTER', 'KILL'].some((word) => cursor.sees(word))
  )
    cursor.next();
  return [{ kind: 'nothing' }];
}

function parseExecute(cursor: Cursor): ControlStatement[] | undefined {
  const first = cursor.peek();
  let result: string | undefined;
  if (first?.kind === 'variable') {
    result = cursor.next().value.toLowerCase();
    cursor.expect('=');
  }
  let procedure = cursor.name().toLowerCase();
  while (cursor.take('.')) procedure = cursor.name().toLowerCase();
  if (procedure !== 'sp_getapplock' && procedure !== 'sp_releaseapplock') return undefined;
  const args: { name: string | undefined; value: Expression }[] = [];
  while (!cursor.isDone && !cursor.sees(';')) {
    const name =
      cursor.peek()?.kind === 'variable' && cursor.peek(1)?.text === '='
        ? cursor.next().value.toLowerCase()
        : undefined;
    if (name !== undefined) cursor.expect('=');
    args.push({ name, value: argument(cursor) });
    if (!cursor.take(',')) break;
  }
  return [{ kind: 'execute', procedure, result, args }];
}

/** A procedure's argument may be a bare word, which stands for a string. */
function argument(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token?.kind === 'word' && token.value !== 'NULL') return { kind: 'value', value: cursor.next().text };
  return parseExpression(cursor);
}

function isAboutServer(select: Select): boolean {
  if (select.sources.length > 0) return select.sources.every((source) => VIEWS[source.name] !== undefined);
  return select.items.every((item) => item.kind === 'item' && usesOnlyFunctionsOfServer(item.of));
}

function usesOnlyFunctionsOfServer(of: Expression): boolean {
  switch (of.kind) {
    case 'value':
      return true;
    case 'variable':
      return !of.name.startsWith('@') || FUNCTIONS[`@${of.name}`.toUpperCase()] !== undefined;
    case 'column':
      return false;
    case 'call':
      return FUNCTIONS[of.name] !== undefined && of.args.every(usesOnlyFunctionsOfServer);
    case 'not':
    case 'minus':
    case 'null':
      return usesOnlyFunctionsOfServer(of.of);
    case 'binary':
      return usesOnlyFunctionsOfServer(of.left) && usesOnlyFunctionsOfServer(of.right);
    case 'in':
      return usesOnlyFunctionsOfServer(of.of) && of.list.every(usesOnlyFunctionsOfServer);
    case 'case':
      return (
        of.branches.every((pair) => pair.every(usesOnlyFunctionsOfServer)) && usesOnlyFunctionsOfServer(of.otherwise)
      );
  }
}
