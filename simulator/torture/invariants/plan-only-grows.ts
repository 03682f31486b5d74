import { production, site } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Nobody's plan is changed but one that has no slots, and no slot is made before production answers on its new instances. */
export const planOnlyGrows: Invariant = {
  name: 'plan-only-grows',
  holds:
    'A plan that has slots keeps its size; one that has none is scaled up once, and production answers before slots are made.',
  watch({ world }) {
    const plan = () => world.web.plans[site(world).plan.toLowerCase()]?.sku;
    const before = plan();
    let known = before?.name;
    let slots = Object.keys(site(world).slots).length;
    return {
      step({ now }) {
        const [size, count] = [plan()?.name, Object.keys(site(world).slots).length];
        const [wasSize, wasCount] = [known, slots];
        [known, slots] = [size, count];
        if (size !== wasSize && (before?.tier !== 'Basic' || wasSize !== before.name))
          return `the plan changed from ${wasSize} to ${size}`;
        const isBeingReplaced =
          now < production(world).unavailableUntil || world.web.pending.some(({ kind }) => kind === 'plan-scaled');
        if (count > wasCount && before?.tier === 'Basic' && isBeingReplaced)
          return 'a slot was made while production did not answer on its new instances';
        return undefined;
      },
    };
  },
};
