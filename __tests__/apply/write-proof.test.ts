import { expect, test } from '@jest/globals';
import { proveWrites } from '../../src/apply/write-proof.ts';
import { sketch } from './sketch.ts';

test('the last of its patience is asked as well, and no later one: visitors wait', async () => {
  const asked: number[] = [];
  const there = sketch({
    inputs: { 'write-probes': 'POST /cart -> 204' },
    ports: {
      async send() {
        asked.push(there.clock.now());
        return { status: 503, headers: {}, body: new Uint8Array() };
      },
    },
  });
  const step = { kind: 'prove-writes', slot: 'zdd-staging', because: 'visitors write' } as const;
  expect((await proveWrites(there.scene(), step)).watched?.healthy).toBe(false);
  expect(asked).toEqual(Array.from({ length: 21 }, (_, at) => at * 3000));
});
