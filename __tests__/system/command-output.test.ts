import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCommand } from '../../simulator/github/workflow-commands.ts';
import { commandEnvironment } from '../../src/system/command-environment.ts';
import { passedOn } from '../../src/system/command-output.ts';

/** What reaches the runner when the text comes in pieces of this size. */
function passed(text: string, size = 7, isOwn?: (line: string) => boolean): string {
  let written = '';
  const lines = passedOn((piece) => {
    written += piece;
  }, isOwn);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) lines.take(bytes.subarray(at, at + size));
  lines.end();
  return written;
}

test('a migration may annotate, group and mask, and nothing that it prints does more', () => {
  const allowed = '::group::One\n::add-mask::p4ss##[word\n  ::warning file=a.sql,line=3::slow\n::endgroup::\n';
  expect(passed(allowed)).toBe(allowed);
  const hostile =
    'row 1: ##[stop-commands]q\n::stop-commands::q\r::save-state name=x::y\r\n::set-output name=state::none\n\u0085::echo::on\n##[add-mask]e';
  for (const line of passed(hostile).split(/[\r\n]+/)) expect(readCommand(line)).toBeUndefined();
});

test('what only looks like an annotation hides no other command, for GitHub or Azure DevOps', () => {
  const lines = [
    // No blank for the runner, which then looks for the other syntax.
    '\ufeff::notice::x ##[stop-commands]q',
    '\ufeff::add-mask::##[save-state name=opened-firewall-rules]x',
    // By the rules of a language a sign with a mark on it is another sign.
    '::notice::\u0301 ##[stop-commands]q',
    '::add-mask::\u0301##[stop-commands]q',
    '::error title=x::##vso[task.setvariable variable=state;isOutput=true]none',
    '::add-mask::##vso[task.complete result=Succeeded]',
  ];
  for (const line of lines) {
    const text = passed(`${line}\n`);
    expect(text).not.toMatch(/##(\[|vso\[)/i);
    expect([undefined, 'notice', 'error', 'add-mask']).toContain(readCommand(text)?.name);
  }
});

test('other output stays byte for byte as it is, however it arrives', () => {
  const text = fc.string({ unit: 'binary' }).filter((each) => !/::|##\[|\p{Cs}/u.test(each));
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 9 }), (each, size) => expect(passed(each, size)).toBe(each)));
});

test('the launcher’s own line is left out once, whatever comes before it', () => {
  const isOwn = (line: string) => line === 'own\n';
  expect(passed('hello\nown\none\nown\ntwo', 3, isOwn)).toBe('hello\none\nown\ntwo');
});

test('a command sees what a run step sees, and nothing of the action', () => {
  const kept = {
    PATH: '/bin',
    HOME: '/home/runner',
    DOTNET_ROOT: '/dotnet',
    MY_FLAG: 'x',
    GITHUB_SHA: '1',
    GITHUB_WORKSPACE: '/w',
    RUNNER_TEMP: '/t',
    AZURE_CLIENT_ID: 'id',
    AZURE_CONFIG_DIR: '/az',
  };
  const dropped = [
    'INPUT_SQL-ACCESS',
    'INPUT_GITHUB-TOKEN',
    'Input_Probe-Headers',
    'STATE_opened-firewall-rules',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_RESULTS_URL',
    'SYSTEM_ACCESSTOKEN',
    'idToken',
    'AZURE_CLIENT_SECRET',
    'AZURE_FEDERATED_TOKEN_FILE',
    'IDENTITY_HEADER',
    'MSI_SECRET',
    'GITHUB_TOKEN',
    'GITHUB_OUTPUT',
    'GITHUB_STATE',
    'GITHUB_ENV',
    'GITHUB_PATH',
    'GITHUB_STEP_SUMMARY',
    'ZDD_CLOCK_RATE',
  ];
  const given = { ...kept, ...Object.fromEntries(dropped.map((name) => [name, 'secret'])), UNSET: undefined };
  expect(commandEnvironment(given)).toEqual(kept);
});
