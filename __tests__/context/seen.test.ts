import { expect, test } from '@jest/globals';
import { isPassing, reason, see } from '../../src/context/seen.ts';
import { Stop } from '../../src/errors.ts';
import { SqlError } from '../../src/ports.ts';

const { signal } = new AbortController();

function azure(status: number, code: string, cause?: unknown): Stop {
  return new Stop('failed', `Azure answered ${status}.`, 'Wait.', {
    azure: { status, code, message: 'It said so.', requestId: '' },
    cause,
  });
}

test('a refusal is something seen, with its reason and what it was', async () => {
  expect(await see(signal, async () => 7)).toEqual({ value: 7 });
  const refused = azure(403, 'Denied');
  expect(await see(signal, () => Promise.reject(refused))).toEqual({ why: 'Azure answered 403.', error: refused });
  const odd = await see(signal, () => Promise.reject(new Error('out of range')));
  expect(odd.why).toMatch(/^Something unexpected: .*out of range/);
  expect(reason('text')).toMatch(/text/);
  // Nothing odd about that: another moment may be better.
  expect(reason(new SqlError(0, 'Connection lost'))).toBe('No answer came: Connection lost');
});

test('a run that was cancelled sees nothing any more', async () => {
  const cancelled = new AbortController();
  const why = new Error('the run was cancelled');
  const looking = see(cancelled.signal, async () => {
    cancelled.abort(why);
    throw new Error('aborted');
  });
  await expect(looking).rejects.toBe(why);
});

test.each<[string, unknown, boolean]>([
  ['trouble of Azure’s own', azure(503, 'ServiceUnavailable'), true],
  ['no answer', azure(0, 'NoAnswer'), true],
  ['a database that is busy', azure(409, 'ConflictingDatabaseOperation'), true],
  ['a refusal', azure(403, 'Denied'), false],
  ['a connection that broke', new SqlError(0, 'reset'), true],
  ['the same behind a sentence', new Stop('failed', 'x', 'y', { cause: new SqlError(40613, 'not now') }), true],
  ['a login that was refused', new SqlError(18456, 'Login failed'), false],
  ['a server that no name leads to', new SqlError(0, 'ENOTFOUND', { noConnection: 'no-such-host' }), false],
  ['anything else', new Error('out of range'), false],
])('that another moment may be better is told of %s', (_what, error, passes) => {
  expect(isPassing(error)).toBe(passes);
});
