import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { withReceivers } from '../../simulator/in-process/with-receivers.ts';
import { receiver } from '../../simulator/model/receiver.ts';
import { hookEvents } from '../../src/settings/hooks.ts';
import { begin, packageOf } from '../in-process/trial.ts';

const page = readFileSync('docs/hooks.md', 'utf8');

/** The names in `code` in the first column of the table whose first heading this is. */
function firstColumn(heading: string): string[] {
  const table = page.split(`\n| ${heading} |`)[1]?.split('\n\n')[0] ?? '';
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name));
}

test('docs/hooks.md names every event, and every field that a message can have, and no other', async () => {
  expect(firstColumn('event')).toEqual([...hookEvents]);
  const to = receiver('https://hooks.example.com/', 'takes it');
  const trial = begin({}, { around: withReceivers(to) });
  const hooks = `json ${to.url}`;
  await trial.run('clone,read-only,switch,deploy,validate,complete', { hooks });
  await trial.run('deploy', { hooks, package: packageOf('dead') });
  const fields = to.taken.flatMap(({ body }) => Object.keys(JSON.parse(body)));
  expect([...new Set(fields)].sort()).toEqual([...firstColumn('field'), 'version'].sort());
});
