import { expect, test } from '@jest/globals';
import { afterWarmUpFailed, HTTPS_REDIRECT_OFF } from '../../src/swap/warm-up-failure.ts';

const said = (message: string) => ({ code: 'CannotSwapSlots', message, requestId: '', status: 400 });

test.each([
  'Cannot swap site slots: application initialization in the source slot has failed.',
  'The warmup requests did not succeed.',
  'Cannot swap: warm-up requests timed out.',
  'Container shop did not respond to HTTP pings on port: 8080, failing site start.',
])(
  'where Azure gave a swap up because the instance did not become warm, it is said what to look for: %s',
  (message) => {
    const words = afterWarmUpFailed(said(message));
    for (const word of ['warm-up-statuses', HTTPS_REDIRECT_OFF, 'Then run the phase again.'])
      expect(words).toContain(word);
  },
);

test('a swap that was given up for another reason, or for one that nobody knows, is no matter of warming up', () => {
  expect(afterWarmUpFailed(said('Another operation is in progress.'))).toBeUndefined();
  expect(afterWarmUpFailed(undefined)).toBeUndefined();
});
