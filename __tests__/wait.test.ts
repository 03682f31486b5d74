import { expect, test } from '@jest/globals';
import { silentLog } from '../simulator/in-process/silent-log.ts';
import { seconds, together } from '../src/wait.ts';

test('a duration must read as people say it', () => {
  expect(seconds(45_000)).toBe('45 s');
  expect(seconds(190_000)).toBe('3 min 10 s');
  expect(seconds(62 * 3_600_000 + 330_000)).toBe('62 h 5 min');
});

test('of several failures at once the first must be thrown and every other one told, each once', async () => {
  const warnings: string[] = [];
  const log = { ...silentLog, warning: (text: string) => void warnings.push(text) };
  const ended: string[] = [];
  const work = [
    Promise.reject(new Error('first trouble')),
    Promise.reject(new Error('second trouble')),
    Promise.reject(new Error('first trouble')),
    Promise.reject(new Error('second trouble')),
    Promise.resolve().then(() => ended.push('work that went on')),
  ];
  await expect(together(log, work)).rejects.toThrow('first trouble');
  expect(warnings).toEqual(['Something else failed at the same time: second trouble']);
  expect(ended).toEqual(['work that went on']);
});
