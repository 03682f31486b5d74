import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin } from '../in-process/trial.ts';

test('the picture in README.md is what a run says at the gate', async () => {
  const trial = begin();
  await trial.through('preflight', 'clone', 'read-only', 'switch', 'deploy');
  const summary = summaryOf(await trial.run('validate'));
  const [headline = ''] = summary.split('\n');
  const sections = ['Where visitors are', 'What `complete` would make of it', 'The deployment so far'].map((title) => {
    const [, section = ''] = summary.split(`### ${title}\n\n`);
    return `**${title}**\n\n${section.split('\n### ')[0]?.trimEnd()}`;
  });
  const picture = [`**${headline.replace('## ', '')}**`, ...sections].join('\n\n');
  expect(withoutTimes(pictureInReadme())).toBe(withoutTimes(picture));
});

/** How long things took differs by what a request takes; what is said does not. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/[·█]+/g, '█')
    .replaceAll(/\b\d+( min \d+)? s\b/g, '… s')
    .replaceAll(/\d\d:\d\d(:[\d.]+)?/g, '…');
}

function pictureInReadme(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, quoted = ''] = /<!-- picture:begin[^>]*-->\n([\s\S]*?)\n<!-- picture:end -->/.exec(readme) ?? [];
  return quoted.replaceAll(/^> ?/gm, '');
}
