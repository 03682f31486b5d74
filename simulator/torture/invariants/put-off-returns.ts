import { recorded, site } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** A slot of the team swaps by itself, and a setting stays with its slot: off while a deployment is open, where inputs say so. */
export const putOffReturns: Invariant = {
  name: 'put-off-returns',
  holds: 'Auto-swap and slot settings of the team are as before the deployment, or the record tells what is put off.',
  watch({ world, history, phase, allows }) {
    const now = () => [
      ...Object.values(site(world).slots)
        .filter(({ fixedConfig }) => fixedConfig.autoSwapSlotName === 'production')
        .map(({ name }) => `auto-swap=${name}`),
      ...site(world).slotConfigNames.connectionStringNames.map((name) => `connection-string=${name}`),
    ];
    history.putOn ??= now();
    const missing = () => history.putOn?.filter((each) => !now().includes(each)) ?? [];
    return {
      step() {
        if (allows.has('operators')) return undefined;
        const known = recorded(world, 'zdd-suspended') ?? '';
        const lost = missing().find((each) => !known.includes(each));
        return lost && `${lost} is off, and the record does not say that it was on`;
      },
      end(isGreen) {
        if (!isGreen || phase !== 'cleanup' || allows.has('operators')) return undefined;
        const [lost] = missing();
        return lost && `${lost} is off after the deployment`;
      },
    };
  },
};
