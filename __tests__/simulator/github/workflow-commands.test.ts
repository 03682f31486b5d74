import { expect, test } from '@jest/globals';
import { readCommand } from '../../../simulator/github/workflow-commands.ts';
import { runHere } from './run-here.ts';

test.each([
  [
    '  ::error title=a%2Cb,file=x::what%0Anow',
    { name: 'error', properties: { title: 'a,b', file: 'x' }, value: 'what\nnow' },
  ],
  ['text ##[Set-Output name=a;]b%5D', { name: 'set-output', properties: { name: 'a' }, value: 'b]' }],
  ['##[add-mask]x', { name: 'add-mask', properties: {}, value: 'x' }],
])('%s is a command', (line, command) => {
  expect(readCommand(line)).toEqual(command);
});

test.each(['text ::error::x', '::nothing::x', '::error:x', '##[nothing]x', '##[error', '# #[error]x', 'Foo::bar()'])(
  '%s is text',
  (line) => {
    expect(readCommand(line)).toBeUndefined();
  },
);

test('what stops commands in either syntax stops them until its token, masks too', async () => {
  const { log, jobs } = await runHere({
    'workflow.yml': `
on: workflow_dispatch
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "said by somebody ##[stop-commands]Token"
          echo "::add-mask::shown-1"
          echo "::token::"
          echo "::add-mask::hidden"
          echo "it is hidden"
          echo "::stop-commands::add-mask"
          echo "::warning::still obeyed"
`,
  });
  expect(log).toContain('::add-mask::shown-1');
  expect(log).toContain('it is ***');
  expect(jobs.one?.annotations.map((one) => one.message)).toEqual(['still obeyed']);
});
