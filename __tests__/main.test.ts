import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'zdd-main-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A port that `fetch` asks nobody for: https://fetch.spec.whatwg.org/#port-blocking */
const NOBODY = 'https://localhost:1';

test('what broke before the first phase leaves what caused it, and where, in the log of a run with debug logging', async () => {
  const { code, log } = await started({ page: join(folder, 'summary') });
  expect(code).toBe(1);
  expect(log).toMatch(/^::error::.*localhost:1\/metadata/m);
  expect(log).toMatch(/^::debug::Error: bad port\n::debug::\s*at .*http\.ts/m);
  expect(log).toContain('::debug::TypeError: fetch failed');
});

test('so does what broke while it was told', async () => {
  const { code, log } = await started({ page: join(folder, 'nowhere/summary') });
  expect(code).toBe(1);
  expect(log).toMatch(/^::debug::Error: .*nowhere.*\n::debug::\s*at /m);
});

/** The action's sources as a process of their own, in a workflow, for an Azure that does not answer. */
async function started({ page }: { readonly page: string }): Promise<{ code: unknown; log: string }> {
  const files = Object.fromEntries(['OUTPUT', 'STATE'].map((name) => [`GITHUB_${name}`, join(folder, name)]));
  for (const file of Object.values(files)) writeFileSync(file, '');
  if (!page.includes('nowhere')) writeFileSync(page, '');
  const inputs = { PHASE: 'status', 'RESOURCE-GROUP': 'rg', 'APP-NAME': 'shop', 'AZURE-ENVIRONMENT': NOBODY };
  const main = resolve(import.meta.dirname, '../src/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name}`, value])),
      ...files,
      GITHUB_STEP_SUMMARY: page,
      GITHUB_WORKSPACE: folder,
      RUNNER_TEMP: folder,
      RUNNER_DEBUG: '1',
      ZDD_CLOCK_RATE: '1000',
    },
  });
  const [log, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code, log };
}
