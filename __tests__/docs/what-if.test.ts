import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const SCRIPT = 'simulator/torture/what-is-said.ts';
const QUESTION = /^## (What if .*)$/gm;

/** A question of the page: the message that it promises, when it promises one, and the case that shows it. */
interface Question {
  readonly title: string;
  readonly message: string;
  readonly replay: string | undefined;
}

function questions(): Question[] {
  const page = readFileSync('docs/what-if.md', 'utf8');
  const titles = [...page.matchAll(QUESTION)];
  return titles.map((title, index) => {
    const end = titles[index + 1]?.index ?? page.indexOf('\n## What holds');
    const section = page.slice(title.index, end);
    const quoted = [...section.matchAll(/^> (.*)$/gm)].map(([, line]) => line);
    return { title: title[1] ?? '', message: quoted.join(' '), replay: /--replay '([^']+)'/.exec(section)?.[1] };
  });
}

test('every answer of the page is what the case below it really says', async () => {
  const asked = questions();
  expect(asked.length).toBeGreaterThanOrEqual(15);
  const ids = asked.flatMap(({ replay }) => (replay === undefined ? [] : [replay]));
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    SCRIPT,
    ...ids,
  ]);
  const said: Record<string, { failures: string[]; violations: string[] }> = JSON.parse(stdout);
  for (const { title, message, replay } of asked) {
    if (replay === undefined) continue;
    expect({ title, violations: said[replay]?.violations }).toEqual({ title, violations: [] });
    if (message !== '')
      expect({ title, said: said[replay]?.failures.join('\n') }).toEqual({
        title,
        said: expect.stringContaining(message),
      });
  }
}, 300_000);
