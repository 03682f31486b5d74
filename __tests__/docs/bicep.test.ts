import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, test } from '@jest/globals';
import { Language, type Node, Parser } from 'web-tree-sitter';

const module = readFileSync(new URL('../../scripts/set-up.bicep', import.meta.url), 'utf8');

/** Of the language itself. https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions */
const FUNCTIONS = ['concat', 'empty', 'flatten', 'guid', 'length', 'map', 'range', 'resourceGroup'];
const DECORATORS = ['batchSize', 'description'];
const DECLARES = [
  ...['parameter_declaration', 'variable_declaration', 'resource_declaration', 'output_declaration'],
  ...['lambda_expression', 'for_statement', 'object_property'],
];

let parser: Parser;

beforeAll(async () => {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  parser = new Parser();
  parser.setLanguage(await Language.load(readFileSync(grammar)));
});

/** What the grammar of Bicep does not know, and names that nothing declares: the first things that the compiler would refuse. */
function faults(text: string): readonly string[] {
  const root = parser.parse(text)?.rootNode;
  if (root === undefined) throw new Error('not parsed');
  const names = root.descendantsOfType('identifier').filter((node) => node !== null);
  const declared = new Set(
    names.filter((name) => isDeclared(name) && name.parent?.type !== 'object_property').map(({ text: name }) => name),
  );
  const known = new Set([...declared, ...FUNCTIONS, ...DECORATORS]);
  return [
    ...(root.hasError ? ['syntax'] : []),
    ...names.filter((name) => !isDeclared(name) && !known.has(name.text)).map(({ text: name }) => name),
  ];
}

/** The first name in what declares one, and the key of a property. */
function isDeclared(name: Node): boolean {
  const { parent } = name;
  return parent !== null && DECLARES.includes(parent.type) && parent.namedChildren[0]?.id === name.id;
}

test('scripts/set-up.bicep is Bicep by its grammar, and uses no name that it does not declare', () => {
  expect(faults(module)).toEqual([]);
});

test.each<[string, string, readonly string[]]>([
  ['principalId: identity.properties.principalId', 'principalId: identiy.properties.principalId', ['identiy']],
  ['flatten(map(', 'flaten(map(', ['flaten']],
  ['subjects[i]}', 'subjects[j]}', ['j']],
  ['output clientId string =', 'output clientId string', ['syntax']],
  ['  location: location\n}', '  location: location\n', ['syntax']],
])('a mistake is found: %s', (right, wrong, found) => {
  expect(module).toContain(right);
  expect(faults(module.replace(right, wrong))).toEqual(expect.arrayContaining([...found]));
});
