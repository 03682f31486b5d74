import { parse } from '@babel/parser';

/** One small mistake: a part of a file replaced by another text. */
export interface Mutant {
  /** Below src/. */
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** What was replaced, and by what. */
  readonly what: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number } };
  readonly [part: string]: unknown;
}

/** Every mistake of these kinds that somebody might make in a file, in the order of its text. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const found: Mutant[] = [];
  const text = ({ start, end }: Node) => source.slice(start, end);
  const add = (node: Node, replacement: string) => {
    const short = (part: string) => part.replaceAll(/\s+/g, ' ').slice(0, 60);
    const what = `${short(text(node))} -> ${short(replacement) || 'nothing'}`;
    found.push({ file, line: node.loc.start.line, start: node.start, end: node.end, replacement, what });
  };
  visit(parse(source, { sourceType: 'module', plugins: ['typescript'] }).program as unknown as Node, (node) => {
    const { type } = node;
    if (type === 'IfStatement' || type === 'ConditionalExpression') negate(node.test);
    else if (type === 'LogicalExpression') side(node);
    else if (type === 'BinaryExpression') compare(node);
    else if (type === 'BooleanLiteral') add(node, String(node.value !== true));
    else if (type === 'ExpressionStatement' && isNode(node.expression) && node.expression.type === 'CallExpression')
      add(node, ';');
    else if (type === 'CallExpression') shorten(node);
  });
  return found.sort((one, other) => one.start - other.start);

  function negate(test: unknown): void {
    if (isNode(test)) add(test, `!(${text(test)})`);
  }

  /** One of two conditions is forgotten. */
  function side(node: Node): void {
    for (const kept of [node.left, node.right])
      if (isNode(kept) && node.operator !== '??') add(node, `(${text(kept)})`);
  }

  function compare(node: Node): void {
    const other = OTHER[String(node.operator)];
    const { left, right } = node;
    if (other !== undefined && isNode(left) && isNode(right)) add(node, `(${text(left)} ${other} ${text(right)})`);
  }

  /** A part of a plan is forgotten. */
  function shorten({ callee, arguments: parts }: Node): void {
    if (!isNode(callee) || !/^(inOrder|sideBySide)$/.test(text(callee)) || !Array.isArray(parts)) return;
    for (const part of parts) if (isNode(part)) add(part, 'false');
  }
}

/** Taken for one another. */
const OTHER: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
};

function visit(node: Node, see: (node: Node) => void): void {
  // Types are gone when it runs.
  if (node.type.startsWith('TS') && !/^TS(AsExpression|SatisfiesExpression|NonNullExpression)$/.test(node.type)) return;
  see(node);
  for (const part of Object.values(node)) {
    for (const child of Array.isArray(part) ? part : [part]) if (isNode(child)) visit(child, see);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'loc' in value;
}
