import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';

test('a step whose work is over must end, with its result, also when something was left open', async () => {
  const left = await ended('import("node:net").then(({ createServer }) => createServer().listen(0));');
  expect(left.code).toBe(1);
  expect(left.said).toMatch(/something was left open \(.*TCP.*\)/);
});

test('where nothing was left open nothing is said', async () => {
  expect(await ended('')).toEqual({ code: 1, said: '' });
});

/** A process that has failed, and has left this open. */
async function ended(leavesOpen: string): Promise<{ code: unknown; said: string }> {
  const end = resolve(import.meta.dirname, '../../src/system/end.ts');
  const work = `import { endSoon } from ${JSON.stringify(end)};
    ${leavesOpen}
    process.exitCode = 1;
    endSoon({ warning: console.log }, 200);`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', work]);
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, said: said.trim() };
}
