import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { pipelineOutlet } from '../../src/system/pipeline.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-pipeline-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pipeline() {
  let written = '';
  const step = {
    stdout: {
      write(text: string) {
        written += text;
      },
    },
    exitCode: undefined as number | undefined,
  };
  return { outlet: pipelineOutlet(step, folder, false), step, lines: () => written.trimEnd().split('\n') };
}

test('what is said, kept and shown is said as the agent of Azure DevOps reads it', async () => {
  const { outlet, step, lines } = pipeline();
  await outlet.log.group('Phase switch', async () => outlet.log.warning('It is 100 % busy.'));
  outlet.log.debug('not said');
  outlet.output('state', 'read-only');
  await outlet.page('# Page');
  outlet.failed('It failed.\nWhat to do next: run it again.');
  expect(lines()).toEqual([
    '##[group]Phase switch',
    '##vso[task.logissue type=warning]It is 100 %AZP25 busy.',
    '##[endgroup]',
    '##vso[task.setvariable variable=state;isOutput=true]read-only',
    expect.stringMatching(/^##vso\[task\.uploadsummary\].*\.md$/),
    '##vso[task.logissue type=error]It failed.',
    '##vso[task.logissue type=error]What to do next: run it again.',
  ]);
  expect(step.exitCode).toBe(1);
  expect(readFileSync(lines()[4]?.replace(/^.*\]/, '') ?? '', 'utf8')).toBe('# Page');
});

test('a secret is announced once, line by line, before it is said; what others say is no command', () => {
  const { outlet, lines } = pipeline();
  outlet.log.secret('First-Line-4711\nsecond-line-4711');
  outlet.log.secret('First-Line-4711');
  outlet.log.info('the app says ##vso[task.setvariable variable=state]none and ##[error]x');
  expect(lines()).toEqual([
    '##vso[task.setsecret]First-Line-4711',
    '##vso[task.setsecret]second-line-4711',
    'the app says # #vso[task.setvariable variable=state]none and # #[error]x',
  ]);
});
