import { expect, test } from '@jest/globals';
import { Stop } from '../../src/errors.ts';
import { logTrace } from '../../src/system/trace.ts';

function traced(error: unknown): string {
  const lines: string[] = [];
  logTrace({ debug: (line) => void lines.push(line) }, error);
  for (const line of lines) expect(line).not.toContain('\n');
  return lines.join('\n');
}

test('an unexpected error leaves where it came from, and what caused it, in the debug log', () => {
  const inner = new TypeError('Cannot read properties of undefined');
  const text = traced(new Error('The look failed.', { cause: new Error('In between.', { cause: inner }) }));
  expect(text).toMatch(/Error: The look failed\.\n\s+at .*trace\.test\.ts/);
  expect(text).toMatch(/In between\..*TypeError: Cannot read properties/s);
  expect(traced('a text that was thrown')).toBe('a text that was thrown');
});

test('of several at once each is told, and what causes itself is told once', () => {
  const text = traced(new AggregateError([new Error('The first.'), new Error('The second.')], 'Two.'));
  expect(text).toMatch(/Two\..*The first\..*The second\./s);
  const circle = new Error('A circle.');
  circle.cause = circle;
  expect(traced(circle).match(/A circle\./g)).toHaveLength(1);
});

test('a Stop says itself what happened: only its causes are told', () => {
  const stop = new Stop('failed', 'It did not work.', 'Do this.', { cause: new Error('Because of that.') });
  expect(traced(stop)).toContain('Because of that.');
  expect(traced(stop)).not.toContain('It did not work.');
  expect(traced(undefined)).toBe('');
});
