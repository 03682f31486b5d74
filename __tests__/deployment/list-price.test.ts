import { expect, test } from '@jest/globals';
import { dollarsADay } from '../../src/deployment/list-price.ts';
import { database } from '../phases/observed.ts';

const sized = (serviceObjective: string, elasticPoolId: string | null = null) =>
  database('x', { serviceObjective, elasticPoolId });

test('what databases cost adds up; one in a pool costs nothing more, and without a price nobody is told a figure', () => {
  const [basic, large] = [dollarsADay([sized('Basic')]) ?? 0, dollarsADay([sized('P15')]) ?? 0];
  expect(basic).toBeGreaterThan(0);
  expect(large).toBeGreaterThan(basic);
  expect(dollarsADay([sized('Basic'), sized('P15')])).toBeCloseTo(basic + large);
  expect(dollarsADay([sized('Basic'), sized('P15', '/pool')])).toBeCloseTo(basic);
  expect(dollarsADay([sized('GP_Gen5_2', '/pool')])).toBe(0);
  for (const unknown of [
    [sized('GP_Gen5_2'), sized('S0')],
    [sized('S0'), sized('GP_Gen5_2')],
  ])
    expect(dollarsADay(unknown)).toBeUndefined();
});

test('a larger size of one tier costs more', () => {
  for (const sizes of [
    ['Basic', 'S0', 'S1', 'S2', 'S3', 'S4', 'S6', 'S7', 'S9', 'S12'],
    ['P1', 'P2', 'P4', 'P6', 'P11', 'P15'],
  ]) {
    const prices = sizes.map((size) => dollarsADay([sized(size)]) ?? Number.NaN);
    expect(prices).toEqual([...new Set(prices)].sort((one, other) => one - other));
  }
});

test('where Azure says no objective its size is that of the sku', () => {
  expect(dollarsADay([database('x', { serviceObjective: '', sku: { name: 'S3' } })])).toBe(dollarsADay([sized('S3')]));
});
