import { databases, production, recorded, site } from './facts.ts';
import { makeUnhealthy } from './faults/read-only-copy.ts';
import { HARMFUL, HARMLESS, type Operator } from './operator.ts';

/** Who may write tags, and what a watchdog is for. */
export const forgingOperators: readonly Operator[] = [
  {
    name: 'turns-verdict',
    what: 'turns the verdict of a validation that failed',
    allows: HARMLESS,
    forbids: /^complete/,
    isRare: true,
    apply(world) {
      const verdict = recorded(world, 'zdd-verdict');
      if (!verdict?.includes('|failed|')) return false;
      for (const { tags } of records(world)) tags['zdd-verdict'] = verdict.replace('|failed|', '|passed|');
      return true;
    },
  },
  {
    name: 'names-foreign-slot',
    what: "writes the name of somebody else's slot into the record",
    allows: HARMFUL,
    before: /^cleanup$/,
    apply(world) {
      if (site(world).slots.foreign === undefined) return false;
      for (const { tags } of records(world)) tags['zdd-readonly-slot'] = 'foreign';
      return records(world).length > 0;
    },
  },
  {
    name: 'sickens-production',
    what: 'breaks production, so that it answers 500 for good',
    allows: HARMFUL,
    forbids: /^status$/,
    before: /^status$/,
    isRare: true,
    apply(world, now) {
      makeUnhealthy(world, production(world), now);
      return true;
    },
  },
];

function records(world: Parameters<typeof databases>[0]) {
  return databases(world).filter(({ tags }) => tags['zdd-app'] === 'rg/web' && tags['zdd-lock'] !== undefined);
}
