import type { Act } from '../settings/act.ts';
import { phaseNames } from '../settings/phases.ts';
import { inputDefaults } from './declared.ts';

/** One of the ways that a sentence offers: runs in their order, or something that only a person can do. */
export type Way =
  | { readonly acts: readonly Act[] }
  /** `acts` are what comes when the person has done it. */
  | { readonly person: string; readonly after: readonly Act[] };

/**
 * Reads what is printed under "What to do next" as somebody would who follows it to the letter. A phase stands in quotes, "the
 * phase" is the one that ended red, an input is written `name: value`; "or" offers another way, "then" and "and" go on with one.
 * Everything else is for a person, and whoever must do something first is a person, too.
 * @param ran what ended red
 */
export function waysIn(advice: string, ran: Act): readonly Way[] {
  const ways: Way[] = [];
  for (const clause of clausesOf(advice)) {
    const acts = actsIn(clause, ran);
    const last = ways.at(-1);
    if (/^(then|from there)\b/i.test(clause) && last !== undefined) {
      ways.pop();
      ways.push('acts' in last ? { acts: [...last.acts, ...acts] } : { ...last, after: [...last.after, ...acts] });
    } else if (PERSON.test(clause) || (acts.length === 0 && /^give\b/i.test(clause)))
      ways.push({ person: clause, after: acts });
    else if (acts.length > 0) ways.push({ acts });
  }
  return ways;
}

/** Sentences, and the alternatives in them; what stands in brackets explains. */
function clausesOf(advice: string): readonly string[] {
  return advice
    .replaceAll(/ \((?!or )[^()]*\)/g, '')
    .split(/(?<=[.;])\s+(?:or )?|,? or (?=run\b|"|give\b|with\b)|(?<=,) (?=then\b)/i)
    .map((clause) => clause.replace(/^or /i, '').trim())
    .filter((clause) => clause !== '');
}

/** Verbs of what no run does. */
const PERSON =
  /(\baz |\bALTER |\bRun(:| in )|\b(fix|delete|find out|look at|end these|end the|wait|swap (it|the)|restore|rename|name the|write|correct|bring|remove|check|let|make|ask|grant|approve|choose|change|report|set what|enable|move|detach|stop that)\b)/i;

function actsIn(clause: string, ran: Act): readonly Act[] {
  const inputs = Object.fromEntries(
    [...clause.matchAll(/\b([a-z]+(?:-[a-z]+)+): ([\w./-]*\w(?: = [\w.-]*\w)?)/g)]
      .filter(([, name = '']) => name in inputDefaults)
      .map(([, name = '', value = '']) => [name, value]),
  );
  const phases = [...clause.matchAll(/"([a-z-]+)"/g)].flatMap(([, name]) => phaseNames.filter((each) => each === name));
  if (phases.length === 0) {
    const isGiven = /\bgive\b/i.test(clause) && Object.keys(inputs).length > 0;
    return isGiven || /\brun the (same )?phase\b/i.test(clause)
      ? [{ phase: ran.phase, inputs: { ...ran.inputs, ...inputs } }]
      : [];
  }
  return phases.map((phase) => ({ phase, inputs: { ...(phase === ran.phase ? ran.inputs : {}), ...inputs } }));
}
