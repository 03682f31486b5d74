import type { RunRecord } from '../demo/run-record.ts';
import { markOf } from '../demo/verdict.ts';
import type { Seen } from './run.ts';

/** The page that a maintainer sends back. */
export function reportOf(
  seen: Seen,
  about: { readonly at: string; readonly commit: string; readonly where: string },
  played: readonly RunRecord[] = [],
): string {
  const facts = seen.facts.map(
    (one) => `| ${one.name} | ${one.question} | ${one.relied} | ${one.seen} | ${one.verdict} |`,
  );
  const differences = seen.differences.flatMap(({ request, found }) => [
    `- \`${request}\``,
    ...found.map((one) => `  - ${one}`),
  ]);
  return [
    '# Conformance',
    '',
    `${about.at}, commit ${about.commit}, ${about.where}.`,
    '',
    '| check | question | relied on | seen | verdict |',
    '|---|---|---|---|---|',
    ...facts,
    '',
    `## Answers that the model gives otherwise: ${seen.differences.length}`,
    '',
    ...(differences.length === 0 ? ['None.'] : differences),
    '',
    ...played.flatMap(scenarioPart),
    ...(seen.swept.length === 0 ? [] : [`Removed what earlier runs left: ${seen.swept.join(', ')}.`, '']),
  ].join('\n');
}

function scenarioPart({ scenario, outcome, checks, from, until, phases }: RunRecord): readonly string[] {
  return [
    `## Scenario ${scenario}`,
    '',
    `${outcome} It took ${Math.round((until - from) / 60_000)} minutes.`,
    '',
    '| | promise | seen |',
    '|---|---|---|',
    ...checks.map((check) => `| ${markOf(check)} | ${check.promise} | ${check.seen} |`),
    '',
    '| phase | seconds | ended |',
    '|---|--:|---|',
    ...phases.map(
      (one) => `| ${one.name} | ${Math.round((one.until - one.from) / 1000)} | ${one.succeeded ? 'green' : 'red'} |`,
    ),
    '',
  ];
}
