import { expect, test } from '@jest/globals';
import { transferProgress } from '../../src/azure/transfer-progress.ts';
import { heardLog, virtualClock } from './support.ts';

const MIB = 1024 ** 2;

test.each([
  [1514 * MIB, 'Still at it: upload the package to shop; 512 of 1,514 MiB so far.'],
  [undefined, 'Still at it: upload the package to shop; 512 MiB so far.'],
])('a long transfer is told of every half minute, however often it moves (of %s bytes)', async (total, sentence) => {
  const clock = virtualClock();
  const log = heardLog();
  const told = transferProgress(clock, log, 'upload the package to shop', total);
  for (let second = 0; second < 29; second++) {
    told(second * MIB);
    await clock.sleep(1000);
  }
  expect(log.sentences).toEqual([]);
  await clock.sleep(1000);
  told(512 * MIB);
  told(513 * MIB);
  expect(log.sentences).toEqual([sentence]);
});
