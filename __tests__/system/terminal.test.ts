import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { runIn } from '../../src/system/command.ts';
import { terminalOutlet } from '../../src/system/terminal.ts';

function terminal(isVerbose = false) {
  const written = { out: '', err: '' };
  const into = (name: 'out' | 'err') => (text: string) => {
    written[name] += text;
  };
  const streams = {
    stdout: { write: into('out') },
    stderr: { write: into('err') },
    exitCode: undefined as number | undefined,
  };
  return { outlet: terminalOutlet(streams, () => '14:05:09', isVerbose), written, streams };
}

test('progress goes to stderr with the time, outputs to stdout, and a failure ends with 1', async () => {
  const { outlet, written, streams } = terminal();
  await outlet.log.group('Phase rollback', async () => outlet.log.info('Stop slot zdd-staging.'));
  outlet.log.warning('It costs as before.');
  outlet.log.debug('not said');
  outlet.output('state', 'rolled-back');
  expect(streams.exitCode).toBeUndefined();
  outlet.failed('It failed.\nWhat to do next: run it again.');
  expect(written.err.split('\n')).toEqual([
    '14:05:09 == Phase rollback',
    '14:05:09 Stop slot zdd-staging.',
    '14:05:09 WARNING: It costs as before.',
    '14:05:09 It failed.',
    '14:05:09 What to do next: run it again.',
    '',
  ]);
  expect([written.out, streams.exitCode]).toEqual(['state=rolled-back\n', 1]);
});

test('no secret reaches a terminal, and none is announced to be masked', () => {
  const { outlet, written } = terminal(true);
  outlet.log.secret('Very-Hidden-4711');
  outlet.log.debug('Password=Very-Hidden-4711;');
  outlet.output('validation-url', 'https://Very-Hidden-4711.example');
  outlet.failed('Refused: Very-Hidden-4711');
  expect(written.err + written.out).not.toContain('Hidden');
  expect(written.err).toContain('debug: Password=***;');
  expect(written.err).not.toContain('::');
});

test('what a command prints is no output, and is masked: nobody else does', async () => {
  const { outlet, written } = terminal();
  outlet.log.secret('Very-Hidden-4711');
  const run = runIn(tmpdir(), { PATH: process.env.PATH }, outlet.commands);
  await run('echo state=completed; echo Very-Hidden-4711; echo Very-Hidden-4711 >&2', {});
  expect(written).toEqual({ out: '', err: expect.stringMatching(/^(state=completed\n|\*\*\*\n){3}$/) });
});

test('half a secret is not shown where a text is cut', () => {
  const { outlet, written } = terminal();
  outlet.log.secret('Very-Hidden-4711');
  outlet.log.info(`${'x'.repeat(3993)}Very-Hidden-4711`);
  expect(written.err).not.toContain('Very');
});
