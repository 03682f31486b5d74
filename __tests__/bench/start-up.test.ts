import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { measureStartUp } from '../../simulator/bench/start-up.ts';

test('memory and time that a bundle takes show beside those of node alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zdd-bench-'));
  try {
    const heavy = join(folder, 'heavy.mjs');
    writeFileSync(heavy, 'const ballast = Buffer.alloc(200 * 2 ** 20, 1); process.exitCode = ballast[0];');
    const { node, dist } = await measureStartUp(heavy, 3);
    expect(dist.mib).toBeGreaterThan(node.mib + 150);
    expect(dist.ms).toBeGreaterThan(node.ms);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
