import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { checks } from '../../simulator/conformance/checks.ts';

/** What docs/azure.md calls open is asked of Azure by `npm run conformance`, or docs/conformance.md says why not. */
const textOf = (page: string) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
const facts = textOf('azure.md');
const questions = textOf('conformance.md');

const opens = [...facts.matchAll(/\*\*open\b.{0,4}?\*\*(?: \(([^)]*)\))?.{0,40}/g)];
const coded = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const askedBy = (text: string) => coded(/asked by ([^;)\]]+)/.exec(text.replace(/not asked:.*/, ''))?.[1] ?? '');
const notAsked = (text: string) =>
  (/not asked: ([^;)]+)/.exec(text)?.[1] ?? '').split(', ').filter((one) => one !== '');
const section = questions.split('\n## What it does not ask, and why\n')[1]?.split('\n## ')[0] ?? '';
const rows = section.split('\n').filter((line) => line.startsWith('| '));
const reasons = rows.slice(1).map((line) => line.split('|').map((cell) => cell.trim()));
const names = checks.map(({ name }) => name);

test('each open question names a check that asks it, or a line of the table that says why none does', () => {
  expect(opens.length).toBeGreaterThan(20);
  expect(opens.filter(([, named = '']) => askedBy(named).length + notAsked(named).length === 0)).toEqual([]);
  const known = [...names, ...reasons.map(([, open]) => open)];
  const named = opens.flatMap(([, text = '']) => [...askedBy(text), ...notAsked(text)]);
  expect(named.filter((one) => !known.includes(one))).toEqual([]);
});

test('each check is named beside the fact that it asks, and no other name is', () => {
  const inText = [...facts.matchAll(/(?<!not )asked by [^;)\]]+/g)].flatMap(([text]) => coded(text));
  const onlyThere = /is no fact of that page/.test(questions) ? ['unknown-api-version'] : [];
  expect([...new Set([...inText, ...onlyThere])].sort()).toEqual([...names].sort());
});

test('each line of the table belongs to an open question, and says why and what to do instead', () => {
  expect(reasons.filter((cells) => cells.length !== 5 || cells.slice(1, 4).includes(''))).toEqual([]);
  const named = new Set(opens.flatMap(([, text = '']) => notAsked(text)));
  expect(reasons.map(([, open]) => open).filter((open) => !named.has(open ?? ''))).toEqual([]);
});
