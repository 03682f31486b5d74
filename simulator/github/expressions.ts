import { data, Evaluator, Lexer, Parser, type Result } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { truthy } from '@actions/expressions/result';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import {
  isBasicExpression,
  isBoolean,
  isMapping,
  isNumber,
  isScalar,
  isSequence,
  isString,
} from '@actions/workflow-parser/templates/tokens/type-guards';
import { type Json, Unmodelled } from './contract.ts';

/** What the status functions answer at this place of the run. */
interface Status {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

export interface Scope {
  readonly contexts: Readonly<Record<string, Json>>;
  readonly status?: Status;
}

const CONTEXTS = ['github', 'env', 'vars', 'job', 'jobs', 'steps', 'runner', 'secrets', 'strategy', 'matrix'];

/** The value of a template token, all expressions in it evaluated by GitHub's own evaluator. */
export function evaluate(token: TemplateToken | undefined, scope: Scope): Json {
  if (token === undefined) return null;
  if (isMapping(token)) {
    return Object.fromEntries([...token].map(({ key, value }) => [text(key, scope), evaluate(value, scope)]));
  }
  if (isSequence(token)) return [...token].map((item) => evaluate(item, scope));
  return JSON.parse(JSON.stringify(scalar(token, scope), data.replacer));
}

/** As {@link evaluate}, in the form in which an environment variable or an input carries it. */
export function text(token: TemplateToken | undefined, scope: Scope): string {
  return token === undefined ? '' : scalar(token, scope).coerceString();
}

/** The entries of a mapping, every value as text. */
export function texts(token: TemplateToken | undefined, scope: Scope): Record<string, string> {
  if (token === undefined) return {};
  if (!isMapping(token)) {
    const whole = evaluate(token, scope);
    if (whole === null || typeof whole !== 'object' || Array.isArray(whole)) return {};
    return Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, asText(value)]));
  }
  return Object.fromEntries([...token].map(({ key, value }) => [text(key, scope), text(value, scope)]));
}

export function holds(condition: string, scope: Scope): boolean {
  return truthy(evaluateExpression(condition, scope));
}

/** A value in the form in which expressions turn it into text. */
export function asText(value: Json): string {
  return toData(value).coerceString();
}

function scalar(token: TemplateToken, scope: Scope): data.ExpressionData {
  if (isBasicExpression(token)) return evaluateExpression(token.expression, scope);
  if (isString(token)) return new data.StringData(token.value);
  if (isBoolean(token)) return new data.BooleanData(token.value);
  if (isNumber(token)) return new data.NumberData(token.value);
  if (isScalar(token) && token.isLiteral) return new data.Null();
  throw new Unmodelled(`the expression "${token.toString()}" at line ${token.line ?? '?'}`);
}

function evaluateExpression(expression: string, scope: Scope): data.ExpressionData {
  const names = [...CONTEXTS, 'needs', 'inputs'];
  const functions = functionsFor(scope.status);
  const tree = new Parser(tokensOf(expression), names, functions).parse();
  // A context is only reached by its name: what the expression does not say is not put into the evaluator's form.
  const said = expression.toLowerCase();
  const inForm = (key: string) => toData(said.includes(key) ? (scope.contexts[key] ?? {}) : {});
  const contexts = new data.Dictionary(...names.map((key) => ({ key, value: inForm(key) })));
  return new Evaluator(tree, contexts, new Map(functions.map((one) => [one.name.toLowerCase(), one]))).evaluate();
}

/** The lexer turns only the first doubled quote of a string into one; the runner's own turns all. */
function tokensOf(expression: string): Result['tokens'] {
  const { tokens } = new Lexer(expression).lex();
  return tokens.map((token) =>
    token.lexeme.startsWith("'") ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") } : token,
  );
}

function functionsFor(status: Status | undefined): FunctionDefinition[] {
  const answer = (name: string, value: boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  });
  return [
    answer('always', true),
    answer('success', status?.success ?? true),
    answer('failure', status?.failure ?? false),
    answer('cancelled', status?.cancelled ?? false),
    {
      name: 'hashFiles',
      minArgs: 1,
      maxArgs: 255,
      call: () => {
        throw new Unmodelled('the function hashFiles');
      },
    },
  ];
}

function toData(value: Json): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver);
}
