import { expect, test } from '@jest/globals';
import { applySlot } from '../../src/apply/slots.ts';
import { stage } from './scene.ts';

const because = 'of a defect';
const nothing = { appSettings: {}, connectionStrings: {} };

test.each([
  { kind: 'stop-slot', slot: 'production', because },
  { kind: 'start-slot', slot: 'production', because },
  { kind: 'write-settings', slot: 'production', settings: nothing, once: false, because },
  { kind: 'match-config', slot: 'production', properties: {}, because },
  { kind: 'stop-webjobs', slot: 'production', because },
  { kind: 'tag-slot', slot: 'production', tags: {}, because },
] as const)('whatever was planned, $kind is never sent to production', async (step) => {
  const { scene, sent } = await stage();
  const { context, ...seen } = scene();
  const ofApp = { ...seen, context: { ...context, app: { ...seen.observed.app, subscriptionId: 's' } } };
  await expect(applySlot(ofApp, step)).rejects.toThrow(/production/);
  expect(sent).toEqual([]);
});
