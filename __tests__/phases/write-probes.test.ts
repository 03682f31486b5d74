import { expect, test } from '@jest/globals';
import { rows } from './rows.ts';
import { run } from './walk.ts';

const kinds = (inputs: Record<string, string> = {}) =>
  run(rows.validated, 'complete', inputs).rounds.flatMap(({ plan }) => (plan[0] ?? []).map(({ kind }) => kind));

test('visitors are on the new build before anything is written there, and nothing is where nobody names a harmless request', () => {
  expect(kinds()).not.toContain('prove-writes');
  const probed = kinds({ 'write-probes': 'POST /ping-write -> 200' });
  expect(probed.indexOf('prove-writes')).toBeGreaterThan(probed.indexOf('post-swap'));
});
