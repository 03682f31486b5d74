import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCommand } from '../../simulator/github/workflow-commands.ts';
import { plain, withoutCommands } from '../../src/settings/plain.ts';

/** What others may write, with the runner's own words in it. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(
        '::',
        ':',
        '##[',
        '#',
        '[',
        ']',
        '\n',
        '\r',
        ' ',
        '\u0085',
        '\u2028',
        '\u202e',
        '\ud800',
        '\u001b[31m',
      ),
      fc.constantFrom('stop-commands', 'add-mask', 'set-output name=x', 'error'),
      // Whole ones: chance hardly ever makes one of its parts.
      fc.constantFrom('::stop-commands::q', '::set-output name=x::y', '##[save-state name=x]y', '\r::error::'),
    ),
  )
  .map((parts) => parts.join(''));

test('what others say is one line of text, obeyed by nobody, and of a length', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 2, max: 60 }), (text, longest) => {
      const shown = plain(text, longest);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202e]/u);
      expect(readCommand(shown)).toBeUndefined();
      // A command that is taken apart grows by the blanks in it.
      expect(shown.length).toBeLessThanOrEqual(longest * 1.5);
      expect(plain(shown)).toBe(shown);
    }),
  );
});

test('every line of a command’s output is text, and its own lines stay as they are', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const line of withoutCommands(text.replaceAll('\n', ' ')).split('\r'))
        expect(readCommand(line)).toBeUndefined();
    }),
  );
  expect(withoutCommands('Applied 20260131_Add :: column [x] ## done')).toBe(
    'Applied 20260131_Add :: column [x] ## done',
  );
});

test('long text is cut at once, whatever is in it', () => {
  const startedAt = performance.now();
  for (const piece of ['\r', ':', '#', '##[', ' ', '\u202e', '::\r']) plain(piece.repeat(5_000_000));
  for (const piece of ['\r', ':', '#', ' ', '\r ']) withoutCommands(piece.repeat(500_000));
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
