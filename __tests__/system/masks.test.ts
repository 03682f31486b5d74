import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { code, text } from '../../src/summary/markdown.ts';
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

test('a secret is masked as the summary writes it, and of two that overlap nothing is left', () => {
  const { log, masked } = withMasks(silentLog);
  for (const secret of ['p_ss*w|rd<1>', 'abcdef', 'abcdefSECRETREST', 'RESTofAnother']) log.secret(secret);
  expect(masked(`${text('It said p_ss*w|rd<1>.')} ${code('p_ss*w|rd<1>')}`)).toBe('It said ***. `***`');
  expect(masked('x abcdefSECRETRESTofAnother y abcdef')).toBe('x *** y ***');
});
