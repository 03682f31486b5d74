import type { Act } from '../settings/act.ts';
import { type PhaseName, traitsOf } from '../settings/phases.ts';
import type { Links } from './links.ts';
import { linksLine } from './links.ts';
import { code, codeBlock, link, paragraphs } from './markdown.ts';
import type { RunResult } from './outputs.ts';
import { commandsIn, prose } from './prose.ts';

/** What the next step is made of. */
export interface Next {
  readonly result: RunResult | undefined;
  readonly links: Links;
  /** The phases that this run brought to their promises, or tried to, in their order. */
  readonly ran: readonly PhaseName[];
}

/** After a run that ended well: what may be run next, what each of it means for visitors, and the first of it to copy. */
export function nextAfter({ result, links, ran }: Next & { readonly result: RunResult }): string {
  const acts = actsAfter(result, ran).map((phase) => ({ phase, inputs: {} }));
  return paragraphs(
    `**What comes next:** ${nextSentence(result, ran)}`,
    buttons({ result, links, ran }, acts.slice(0, 1)),
    toCopy(acts.slice(0, 1), result, { sh: [], sql: [] }),
    linksLine(links),
  );
}

/**
 * After a run that ended red: the advice, and all of it that somebody types or presses, to copy.
 * @param ways the runs that the advice asks for: one of these, each its acts in their order
 */
export function nextAfterFailure(advice: string, ways: readonly (readonly Act[])[], next: Next): string {
  const acts = ways.flat();
  return paragraphs(
    `**What to do next:** ${prose(advice)}`,
    buttons(next, acts),
    toCopy(acts, next.result, commandsIn(advice)),
    linksLine(next.links),
  );
}

/**
 * What may be run next, and what each of it means for visitors.
 * @param ran they are not proposed again while there is another.
 */
function nextSentence(result: RunResult, ran: readonly PhaseName[]): string {
  const { state, nextPhases } = result;
  if (state === undefined) return 'That depends on what could not be looked at.';
  if (state === 'completed' && nextPhases.includes('rollback')) {
    return `Visitors are where they are meant to stay. Run ${code('cleanup')} when you no longer need a quick way back (${code('rollback')}).`;
  }
  const [usual, ...others] = actsAfter(result, ran);
  if (usual === undefined) return 'Nothing: the deployment has ended.';
  const more = others.map((phase) => `- or ${code(phase)}: ${traitsOf[phase].meaning}`);
  return [`Run ${code(usual)}: ${traitsOf[usual].meaning}`, ...more].join('\n');
}

/** The usual one first; none when the deployment has ended. */
function actsAfter({ state, nextPhases }: RunResult, ran: readonly PhaseName[]): readonly PhaseName[] {
  if (state === undefined || (state === 'none' && ran.includes('cleanup'))) return [];
  if (state === 'completed' && nextPhases.includes('rollback')) return ['cleanup', 'rollback'];
  const fresh = nextPhases.filter((phase) => !ran.includes(phase));
  return fresh.length > 0 ? fresh : nextPhases;
}

/** Where GitHub has a button for it, by the names in the workflows that users copy; nothing outside GitHub. */
function buttons({ result, links, ran }: Next, acts: readonly Act[]): string {
  const { run, workflows } = links;
  if (run === undefined || workflows === undefined) return '';
  const lines = acts.map(({ phase, inputs }) => {
    if (phase === 'rollback') {
      const given = Object.entries(withScope(inputs)).map(([name, value]) => code(`${name}: ${value}`));
      return `**Back:** ${link('Roll back', workflows)} with ${given.join(', ')}.`;
    }
    if (ran.at(-1) === phase) return `**Again:** *Re-run failed jobs* in ${link('this run', run)}.`;
    if (phase === 'complete' && result?.state === 'validated')
      return `**Approve or reject:** *Review deployments* in ${link('this run', run)}.`;
    return phase === 'deploy'
      ? `**Another build:** ${link('Deploy', workflows)} with ${code('roll-forward: true')}.`
      : '';
  });
  return [...new Set(lines)]
    .filter((line) => line !== '')
    .map((line) => `- ${line}`)
    .join('\n');
}

/** The inputs of a step that runs the phase, and the commands for a terminal. */
function toCopy(
  acts: readonly Act[],
  result: RunResult | undefined,
  { sh, sql }: ReturnType<typeof commandsIn>,
): string {
  const blocks = acts.map(({ phase, inputs }) => {
    const id = traitsOf[phase].begins ? undefined : result?.deploymentId;
    const given = phase === 'rollback' ? withScope(inputs) : inputs;
    const all = Object.entries({ phase, ...(id ? { 'deployment-id': id } : {}), ...given });
    return codeBlock(
      all.map(([name, value]) => `${name}: ${value}`),
      'yaml',
    );
  });
  return paragraphs(...new Set(blocks), sh.length > 0 && codeBlock(sh, 'sh'), sql.length > 0 && codeBlock(sql, 'sql'));
}

/** `auto` takes the databases back where the code alone may not do and that loses nothing. */
function withScope(inputs: Act['inputs']): Act['inputs'] {
  return { 'rollback-scope': inputs['ignore-schema'] === 'true' ? 'code' : 'auto', ...inputs };
}
