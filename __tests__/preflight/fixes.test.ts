import { expect, test } from '@jest/globals';
import { actionDefaults } from '../../simulator/in-process/action-defaults.ts';
import { accessBreaks } from './breaks/access.ts';
import { buildBreaks } from './breaks/build.ts';
import { connectionBreaks } from './breaks/connections.ts';
import { databaseBreaks } from './breaks/databases.ts';
import { decisionBreaks } from './breaks/decisions.ts';
import { sessionBreaks } from './breaks/sessions.ts';
import { slotBreaks } from './breaks/slots.ts';
import { fineWorld, notFine, preflight } from './fine-world.ts';

/** Those of which a fix is an input of the action. */
const breaks = [
  ...connectionBreaks,
  ...slotBreaks,
  ...buildBreaks,
  ...databaseBreaks,
  ...accessBreaks,
  ...sessionBreaks,
  ...decisionBreaks,
];
const fixable = breaks.filter(({ fills }) => fills !== undefined);

test.each(fixable)('what preflight prints, once it is applied, is enough: $what', async (each) => {
  const { breaks: change, inputs = {}, fills = {} } = each;
  const fine = fineWorld();
  change?.(fine);
  const before = notFine(await preflight(fine, inputs));
  const printed = Object.entries(before).filter(([, fix]) => inputIn(fix) !== undefined);
  expect(printed).not.toEqual([]);
  const fixed = printed.reduce((given, [, fix = '']) => apply(given, fix, fills), inputs);
  const after = Object.keys(notFine(await preflight(fine, fixed)));
  expect(after.filter((line) => printed.some(([name]) => name === line))).toEqual([]);
});

/** What a person must have first, and the test has not. */
const FOR_A_PERSON = [
  /^(package|current-package|image): /,
  /^profile: </,
  /^schema-version-query: /,
  /^adopt-slots: /,
  /^sql-server: /,
];

test('every input that preflight proposes is tried here, or needs what only a person has', () => {
  const untried = breaks
    .filter(({ fills }) => fills === undefined)
    .flatMap(({ what, shows }) => Object.values(shows).map((fix) => ({ what, fix })))
    .filter(({ fix }) => typeof fix === 'string' && inputIn(fix) !== undefined)
    .filter(({ fix }) => !FOR_A_PERSON.some((reason) => reason.test(String(fix))))
    .map(({ what, fix }) => `${what}: ${fix}`);
  expect(untried).toEqual([]);
});

/** The input that a fix names, as a line of a workflow. */
function inputIn(fix: string | undefined): string | undefined {
  const name = fix?.split(': ')[0] ?? '';
  return name in actionDefaults() ? name : undefined;
}

/** As somebody who copies it into a workflow: what stands in `<>` is filled in, and a setting of that name replaced. */
function apply(
  inputs: Readonly<Record<string, string>>,
  fix: string,
  fills: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const name = inputIn(fix) ?? '';
  // What stands behind it in brackets is another way, or what it takes besides.
  const line = fix.slice(name.length + 2).replace(/ \((or|and) .*\)$/, '');
  const [, out, from = ''] = / \(and take (\S+) out of (\S+)\)$/.exec(fix) ?? [];
  const without = (inputs[from] ?? '').split('\n').filter((each) => !each.startsWith(`${out}=`));
  const rest = out === undefined ? inputs : { ...inputs, [from]: without.join('\n') };
  const value = line.replaceAll(/<([^<>]*)>/g, (_all, hole: string) => {
    const filled = fills[hole];
    if (filled === undefined) throw new Error(`Nobody knows what to put in for <${hole}>.`);
    return filled;
  });
  const isList = value.split('\n').every((line) => /^[\w.:-]+=/.test(line));
  if (!isList) return { ...rest, [name]: value };
  const keyOf = (line: string) => line.split('=')[0]?.toLowerCase();
  const changed = new Set(value.split('\n').map(keyOf));
  const kept = (inputs[name] ?? '').split('\n').filter((line) => line !== '' && !changed.has(keyOf(line)));
  return { ...rest, [name]: [...kept, value].join('\n') };
}
