import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { roleActions } from '../../src/preflight/permissions-needed.ts';

test('the role in README.md is made of the actions with which every phase is tested', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));
  const role = blocks.find((block) => block.IsCustom === true);
  expect(role.Actions).toEqual(roleActions());
});
