import { parse } from '@babel/parser';

/** One small mistake: a part of a file replaced by another text. */
export interface Mutant {
  /** Below src/. */
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** Where it stands, which says how it can be made conditional. */
  readonly form: 'expression' | 'statement' | 'element' | 'property';
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
  const add = (node: Node, replacement: string, form: Mutant['form'] = 'expression') => {
    const short = (part: string) => part.replaceAll(/\s+/g, ' ').slice(0, 60);
    const what = `${short(text(node))} -> ${short(replacement) || 'nothing'}`;
    found.push({ file, line: node.loc.start.line, start: node.start, end: node.end, replacement, form, what });
  };
  visit(parse(source, { sourceType: 'module', plugins: ['typescript'] }).program as unknown as Node, (node) => {
    MISTAKES[node.type]?.(node, text, add);
  });
  return found.sort((one, other) => one.start - other.start);
}

type Add = (node: Node, replacement: string, form?: Mutant['form']) => void;

/** By the type of the node in which they are made. */
const MISTAKES: Readonly<Record<string, (node: Node, text: (node: Node) => string, add: Add) => void>> = {
  /** A guard that is forgotten, or asks for the contrary. */
  IfStatement({ test }, text, add) {
    if (!isNode(test)) return;
    add(test, 'false');
    add(test, `!(${text(test)})`);
  },
  ConditionalExpression({ test }, text, add) {
    if (isNode(test)) add(test, `!(${text(test)})`);
  },
  /** One of two conditions is forgotten, or what stands for a value that is missing. */
  LogicalExpression(node, text, add) {
    const { left, right, operator } = node;
    for (const kept of operator === '??' ? [left] : [left, right]) if (isNode(kept)) add(node, `(${text(kept)})`);
  },
  BinaryExpression(node, text, add) {
    const other = OTHER[String(node.operator)];
    const { left, right } = node;
    if (other !== undefined && isNode(left) && isNode(right)) add(node, `(${text(left)} ${other} ${text(right)})`);
  },
  BooleanLiteral(node, _text, add) {
    add(node, String(node.value !== true));
  },
  /** Something is not done: a call, or a value that is not kept. */
  ExpressionStatement(node, text, add) {
    const { expression } = node;
    // What is only said decides nothing.
    if (!isNode(expression) || /^[\w.]*\blog\.\w+\(/.test(text(expression))) return;
    const called = expression.type === 'AwaitExpression' ? expression.argument : expression;
    if (isNode(called) && DONE.test(called.type)) add(node, ';', 'statement');
  },
  CallExpression(node, text, add) {
    const { callee, arguments: parts } = node;
    if (!isNode(callee) || !Array.isArray(parts)) return;
    const called = text(callee);
    // A part of a plan is forgotten.
    if (/^(inOrder|sideBySide)$/.test(called))
      for (const part of parts)
        if (isNode(part)) add(part, 'false', part.type === 'SpreadElement' ? 'element' : 'expression');
    const [, name = ''] = /\.(\w+)$/.exec(called) ?? [];
    const [, other] = CONFUSED.find(([each]) => each === name) ?? [];
    const args = parts.map((part) => (isNode(part) ? text(part) : '')).join(', ');
    if (other !== undefined) add(node, `${called.slice(0, -name.length)}${other}(${args})`);
    // All are taken, in the order in which they come, with the letters that they have.
    if (LEFT_OUT.has(name) && isNode(callee.object)) add(node, `(${text(callee.object)})`);
  },
  ArrayExpression({ elements }, _text, add) {
    if (!Array.isArray(elements)) return;
    for (const element of elements)
      if (isNode(element) && (elements.length > 2 || element.type === 'SpreadElement')) add(element, '', 'element');
  },
  ObjectExpression({ properties }, _text, add) {
    if (!Array.isArray(properties)) return;
    for (const property of properties) if (isNode(property)) add(property, '', 'property');
  },
};

const DONE = /^(Optional)?CallExpression$|^AssignmentExpression$/;

/** Taken for one another. */
const OTHER: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
};

const CONFUSED: readonly (readonly [string, string])[] = [
  ['every', 'some'],
  ['some', 'every'],
  ['min', 'max'],
  ['max', 'min'],
];

const LEFT_OUT: ReadonlySet<string> = new Set(['filter', 'toLowerCase', 'toSorted', 'slice', 'trim']);

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
