import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { withMasks } from '../../src/system/masks.ts';

test('what the runner would mask is masked in files, too, also as JSON and HTML write it', () => {
  const told: string[] = [];
  const { log, masked } = withMasks({ ...silentLog, secret: (value) => void told.push(value) });
  log.secret('pass"word\nsecond line');
  log.secret('short');
  log.secret('<a> & b');
  expect(told).toEqual(['pass"word\nsecond line', 'short', '<a> & b']);
  expect(masked(JSON.stringify({ a: 'x pass"word y', b: 'second line', c: 'short' }))).toBe(
    '{"a":"x *** y","b":"***","c":"short"}',
  );
  expect(masked('<td>&lt;a&gt; &amp; b</td><td>pass&quot;word</td>')).toBe('<td>***</td><td>***</td>');
});
