import { expect, test } from '@jest/globals';
import { signsInByIdentity } from '../../simulator/in-process/signs-in-by-identity.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import type { Site } from '../../simulator/model/web/state.ts';
import type { Variant } from '../../simulator/model/world.ts';
import type { Ports } from '../../src/ports.ts';
import { deploy, type Parts } from '../in-process/zoo.ts';

const byIdentity = ({ world, site, server }: Parts) => signsInByIdentity(world, site, server, EPOCH);

test.each<Variant>(['both-builds-answer', 'open-settings-stay'])(
  'with %s an app is deployed to the end',
  async (variant) => {
    const { ended, visitors } = await deploy({ variants: [variant] });
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  },
);

test.each<Variant[][]>([[[]], [['process-keeps-identity']]])(
  'an app that signs in with the identities of its slots is deployed to the end: %j',
  async (variants) => {
    const { ended, visitors } = await deploy({ variants, arrange: byIdentity });
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  },
);

test('what waited for a swap of somebody else is not done to what that swap has brought', async () => {
  let site: Site | undefined;
  const around = (ports: Ports): Ports => ({
    ...ports,
    send: async (asked, signal) => {
      const answer = await ports.send(asked, signal);
      const slot = site?.slots['zdd-readonly'];
      // Nothing of the slot but its last swap is another one: what it holds now nobody knows.
      if (answer.status === 409 && asked.url.includes('/stop') && slot?.slotSwapStatus)
        slot.slotSwapStatus = { ...slot.slotSwapStatus, timestampUtc: slot.slotSwapStatus.timestampUtc + 60_000 };
      return answer;
    },
  });
  const { ended, trial } = await deploy({
    around,
    before: {
      switch: ({ world, ...parts }) => {
        site = parts.site;
        world.web.injected.push('power-409');
      },
    },
  });
  expect(ended).toMatch(
    /^failed in switch: Somebody swapped slot zdd-readonly .* while this run waited to change it\./,
  );
  expect(site?.slots['zdd-readonly']?.state).toBe('Running');
  await trial.through('switch');
  expect(site?.slots['zdd-readonly']?.state).toBe('Stopped');
});
