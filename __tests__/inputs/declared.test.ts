import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readManifest } from '../../scripts/action-manifest.ts';
import { declaredInputs } from '../../scripts/declared-inputs.ts';
import { withBeginning, withTables } from '../../scripts/readme-tables.ts';
import { defaultsOfRecorded } from '../../src/settings/recorded.ts';
import { outputsOf } from '../../src/summary/outputs.ts';

const manifest = readManifest();
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the Marketplace takes the description of action.yml: it is shorter than 125 characters', () => {
  expect(manifest.description.length).toBeLessThan(125);
});

test('src/inputs/declared.ts is what action.yml declares (npm run readme)', () => {
  expect(textOf('src/inputs/declared.ts')).toBe(declaredInputs(manifest));
});

test('the tables of docs/inputs.md and README.md are what action.yml declares (npm run readme)', () => {
  const page = textOf('docs/inputs.md');
  expect(withTables(page, manifest)).toBe(page);
  const readme = textOf('README.md');
  expect(withBeginning(readme, manifest)).toBe(readme);
});

test('every input is read, and only by its declared name', () => {
  const source = ['inputs.ts', 'app-settings.ts', 'azure.ts', 'github.ts', 'hooks.ts']
    .map((file) => textOf(`src/inputs/${file}`))
    .join('\n');
  const read = new Set([...source.matchAll(/(?:optional|required|text)\(\s*'([a-z-]+)'/g)].map(([, name]) => name));
  expect([...read].sort()).toEqual(Object.keys(manifest.inputs).sort());
});

test('defaults that the record decides later are told in the description', () => {
  for (const [field, input] of [
    ['mode', 'mode'],
    ['profile', 'profile'],
    ['readonlySlot', 'readonly-slot'],
    ['stagingSlot', 'staging-slot'],
  ] as const) {
    expect(manifest.inputs[input]?.default).toBeUndefined();
    expect(manifest.inputs[input]?.description).toContain(`for a new one \`${defaultsOfRecorded[field]}\``);
  }
});

test('every output is declared, and every declared one can come', () => {
  const all = outputsOf(
    {
      deploymentId: '20260131-k7m2x',
      state: 'deployed',
      changed: true,
      nextPhases: ['validate'],
      cloneDatabases: { shop: 'shop-zdd-20260131-k7m2x' },
      snapshotTimestamp: '2026-01-31T14:05:09Z',
      snapshotRequestedAt: '2026-01-31T14:04:09Z',
      rollbackPoint: '2026-01-31T14:06:09Z',
      productionSlotId: '/p',
      readonlySlotId: '/r',
      stagingSlotId: '/s',
      candidateSlot: 'zdd-staging',
      validationUrl: 'https://v',
      productionUrl: 'https://p',
      readOnlySeconds: 1,
      failedProbes: 1,
      longestGapMs: 1,
      gapRows: 0,
      lostWrites: 'lost.json',
      phaseSeconds: { deploy: 1 },
    },
    { report: '/r.json', reviewPage: '/r.html' },
  );
  expect(Object.keys(all).sort()).toEqual(Object.keys(manifest.outputs).sort());
});
