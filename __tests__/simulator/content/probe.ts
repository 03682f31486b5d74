import { expect, test } from '@jest/globals';
import { lab } from './lab.ts';

/**
 * What a script answers, in order: the rows of each result as JSON, the number of each error. `GO` on a line of its
 * own parts batches, as in every tool.
 */
function answerOf(script: string): string {
  const { outcome } = lab();
  const said: string[] = [];
  for (const batch of script.split(/^\s*GO\s*$/im)) {
    for (const part of outcome(batch, undefined).parts) {
      if (part.kind === 'fault') said.push(String(part.number));
      else if (part.kind === 'rows') said.push(part.rows.map((row) => JSON.stringify(row, plain)).join(''));
    }
  }
  return said.join(' ');
}

/** Bytes as hexadecimal digits, bigint as its digits. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex').toUpperCase()}`;
  if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value)
    return `0x${Buffer.from(value.data as number[])
      .toString('hex')
      .toUpperCase()}`;
  return value;
}

/** One test for each script and the answer that SQL Server gives to it. */
export function probes(cases: readonly (readonly [script: string, answer: string])[]): void {
  test.each(cases)('%s', (script, answer) => {
    expect(answerOf(script)).toBe(answer);
  });
}
