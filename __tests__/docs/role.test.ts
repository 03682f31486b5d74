import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { LEAST_ACTIONS } from '../../simulator/model/roles.ts';

test('the role in README.md is the one with which every phase is tested', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));
  const role = blocks.find((block) => block.IsCustom === true);
  expect([...role.Actions].sort()).toEqual([...LEAST_ACTIONS].sort());
});
