import type { Seen } from './run.ts';

/** The page that a maintainer sends back. */
export function reportOf(
  seen: Seen,
  about: { readonly at: string; readonly commit: string; readonly where: string },
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
    ...(seen.swept.length === 0 ? [] : [`Removed what earlier runs left: ${seen.swept.join(', ')}.`, '']),
  ].join('\n');
}
