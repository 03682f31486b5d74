import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { PHASE_WORDS } from '../../simulator/demo/phase-words.ts';
import type { State } from '../../src/deployment/state.ts';
import { askedScopes, modes, profileNames } from '../../src/settings/choices.ts';
import { phaseNames } from '../../src/settings/phases.ts';

/** What users may choose is written down in several places: whoever adds a choice finds each place here. */
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const action = parse(textOf('action.yml'));
const workflow = (file: string) => parse(textOf(`.github/workflows/${file}`));
const described = (file: string, input: string): string => workflow(file).on.workflow_call.inputs[input].description;
const offered = (file: string, input: string): string[] => workflow(file).on.workflow_dispatch.inputs[input].options;

/** The compiler holds this list against the type. */
const states = Object.keys({
  none: true,
  cloning: true,
  cloned: true,
  'read-only-ready': true,
  'read-only': true,
  deployed: true,
  validated: true,
  'rolling-back': true,
  'rolled-back': true,
  completed: true,
  drifted: true,
} satisfies Record<State, true>);

/** The names in `code` in a text, each once. */
function coded(text: string): string[] {
  return [...new Set([...text.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => name))];
}

/** The first column of the table below a heading, where it is `code`. */
function table(path: string, heading: string): string[] {
  const section = textOf(path).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name = '']) => name);
}

test('every phase is in the manifest, the tables, the words of the demo, and in a workflow', () => {
  expect(coded(action.inputs.phase.description)).toEqual([...phaseNames]);
  expect(table('README.md', 'Phases')).toEqual([...phaseNames]);
  expect(table('docs/design.md', '3. Phases')).toEqual([...phaseNames]);
  expect(Object.keys(PHASE_WORDS)).toEqual([...phaseNames]);
  expect([...phasesRun('zero-downtime.yml')].sort()).toEqual([...phaseNames].sort());
});

test('every profile is in the manifest, the workflow, and on the page about platforms', () => {
  expect(coded(action.inputs.profile.description)).toEqual([...profileNames]);
  expect(described('zero-downtime.yml', 'profile').split(/[ ,.]+/)).toEqual(expect.arrayContaining([...profileNames]));
  const page = textOf('docs/cms.md');
  expect(profileNames.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`profile: ${name}`))).toEqual(
    [],
  );
});

test('every mode and every scope is in the manifest and can be chosen in the examples', () => {
  expect(coded(action.inputs.mode.description)).toEqual([...modes]);
  expect(offered('example-deploy.yml', 'mode')).toEqual([...modes]);
  expect(coded(action.inputs['rollback-scope'].description)).toEqual(expect.arrayContaining([...askedScopes]));
  expect(offered('example-rollback.yml', 'rollback-scope')).toEqual([...askedScopes]);
  expect(offered('example-deploy.yml', 'rollback-on-failure')).toEqual(['nothing', ...askedScopes]);
});

test('every state is in the manifest and in the design', () => {
  expect(coded(action.outputs.state.description)).toEqual(states);
  expect(textOf('docs/design.md')).toContain(`\`state\` (\`${states.join(', ')}\`)`);
});

function phasesRun(file: string): ReadonlySet<string> {
  const jobs = Object.values<{ steps?: { env?: { PHASE?: string }; with?: { phase?: string } }[] }>(
    workflow(file).jobs,
  );
  const named = jobs.flatMap(({ steps = [] }) => steps.map((step) => step.env?.PHASE ?? step.with?.phase ?? ''));
  // One by one, in a list, or by an expression that chooses one of several lists.
  const lists = named.flatMap((phase) =>
    phase.startsWith('${{') ? (phase.match(/(?<=')[^']+(?=')/g) ?? []) : [phase],
  );
  return new Set(lists.flatMap((list) => list.split(',')).filter((phase) => phaseNames.some((each) => each === phase)));
}
