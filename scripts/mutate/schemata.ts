import type { Mutant } from './mutants.ts';

/**
 * A file with all its mistakes at once, each behind a question: `$planted(7)` is true when mistake 7 is the one that is planted. So
 * one process that has loaded everything once tries one after the other. Mutant schemata: https://doi.org/10.1145/154183.154265
 * @param first the number of the first mistake
 */
export function withAll(source: string, mutants: readonly Mutant[], first: number): string {
  const numbered = mutants.map((mutant, index) => ({ ...mutant, id: first + index }));
  const outermost = numbered.toSorted((one, other) => one.start - other.start || other.end - one.end);
  return rendered(source, 0, source.length, outermost);
}

type Numbered = Mutant & { readonly id: number };

/** @param within mistakes between start and end; who holds another stands before it */
function rendered(source: string, start: number, end: number, within: readonly Numbered[]): string {
  let text = '';
  let at = start;
  let rest = within;
  for (let [next] = rest; next !== undefined; [next] = rest) {
    const { start: from, end: to } = next;
    // An expression may be a whole element or a whole statement: what leaves that out lies around it.
    const same = rest
      .filter((each) => each.start === from && each.end === to)
      .toSorted((one, other) => Number(one.form === 'expression') - Number(other.form === 'expression'));
    const inner = rest.filter((each) => each.start >= from && each.end <= to && !same.includes(each));
    rest = rest.filter((each) => each.start >= to);
    text += source.slice(at, from) + asked(rendered(source, from, to, inner), same);
    at = to;
  }
  return text + source.slice(at, end);
}

function asked(right: string, [first, ...others]: readonly Numbered[]): string {
  if (first === undefined) return right;
  const { id, form, replacement } = first;
  const rest = asked(right, others);
  if (form === 'statement') return `if ($planted(${id})) { ${replacement} } else { ${rest} }`;
  if (form === 'element') return `...($planted(${id}) ? [] : [${rest}])`;
  if (form === 'property') return `...($planted(${id}) ? {} : { ${rest} })`;
  return `($planted(${id}) ? ${replacement} : ${rest})`;
}
