import { expect, test } from '@jest/globals';
import { MARKER_SETTING } from '../../src/deployment/marker.ts';
import { lookAt } from '../../src/swap/look.ts';
import { refusal, stage } from '../apply/scene.ts';

const NAME = 'zdd-staging';

async function besides() {
  const there = await stage();
  const [production, copy] = [there.slot('production'), there.slot(NAME)];
  production.occupant.settings = { [MARKER_SETTING]: 'of-production', OTHER: 'x' };
  copy.occupant.settings = { [MARKER_SETTING]: 'of-the-source' };
  return { there, production, copy };
}

/** Azure’s clock comes with its answers, cut to whole seconds. */
const azureNow = (now: number) => Math.floor(now / 1000) * 1000;

test('a look names both instances, by both clocks', async () => {
  const { there } = await besides();
  const look = await lookAt(there.scene(), NAME);
  const at = there.clock.now();
  expect(look).toEqual({
    at,
    azureTime: azureNow(at),
    productionMarker: 'of-production',
    sourceMarker: 'of-the-source',
    sourceIsGone: false,
    swappedAt: '',
    namesSource: false,
  });
});

test.each<[string, string, string, boolean]>([
  ['this slot, in Azure’s spelling', 'ZDD-Staging', 'Production', true],
  ['another slot', 'zdd-readonly', 'Production', false],
  ['this slot, with another than production', NAME, 'blue', false],
])('the last swap that production remembers was of %s', async (_what, sourceSlotName, destinationSlotName, names) => {
  const { there, production } = await besides();
  const timestampUtc = there.clock.now() - 7000;
  production.slotSwapStatus = { timestampUtc, sourceSlotName, destinationSlotName };
  const { namesSource, swappedAt } = await lookAt(there.scene(), NAME);
  expect([namesSource, Date.parse(swappedAt)]).toEqual([names, timestampUtc]);
});

test('an instance without a marker has none', async () => {
  const { there, production, copy } = await besides();
  for (const slot of [production, copy]) slot.occupant.settings = { OTHER: 'x' };
  const { productionMarker, sourceMarker } = await lookAt(there.scene(), NAME);
  expect([productionMarker, sourceMarker]).toEqual(['', '']);
});

test('a slot that somebody deleted is gone and has no marker; what merely cannot be read is no look', async () => {
  const { there } = await besides();
  const look = await lookAt(there.scene(), 'deleted');
  expect(look).toMatchObject({ productionMarker: 'of-production', sourceMarker: '', sourceIsGone: true });
  there.answering(({ url }) =>
    new RegExp(`${NAME}/config/appsettings/list`).test(url) ? refusal(403, 'Denied') : undefined,
  );
  await expect(lookAt(there.scene(), NAME)).rejects.toThrow('Denied');
});
