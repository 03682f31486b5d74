import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Observed, Other } from '../../src/deployment/observed.ts';
import { lockDecision } from '../../src/phases/lock.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { settings } from './observed.ts';
import { look } from './picture.ts';
import { rows } from './rows.ts';

const { observed } = look(rows.cloned, phaseNamed.clone, settings({ phase: 'clone' }));
const { record } = observed;
if (record === null) throw new Error('The row has a record.');

interface Deployment {
  readonly id: string;
  readonly lock: 'claim' | 'held';
}

const asOther = ({ id, lock }: Deployment): Other => ({
  deploymentId: id,
  app: 'rg/other',
  run: 'org/other/1/1',
  actor: 'bob',
  lock,
  databases: ['shop'],
  claim: `claim-of-${id}`,
});

/** What one of them decides that sees the others. */
function decision(all: readonly Deployment[], mine: Deployment) {
  const own = { ...record, deploymentId: mine.id, lock: mine.lock } as Observed['record'];
  const others = all.filter((each) => each !== mine).map(asOther);
  return lockDecision({ ...observed, deploymentId: mine.id, record: own, others });
}

const deployments = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('20260131-aaaaa', '20260131-bbbbb', '20260131-ccccc', '20260201-aaaaa'),
    lock: fc.constantFrom('claim' as const, 'held' as const),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 4 },
);

test('of all that see one another at most one goes on, and one of them may, at once or once the others are gone', () => {
  fc.assert(
    fc.property(deployments, (all) => {
      const kinds = all.map((mine) => decision(all, mine).kind);
      expect(kinds.filter((kind) => kind === 'free').length).toBeLessThanOrEqual(1);
      expect(kinds.filter((kind) => kind !== 'refuse')).toHaveLength(1);
    }),
  );
});

test('whoever gives way names who was first, and whoever waits, for whom', () => {
  fc.assert(
    fc.property(deployments, (all) => {
      for (const mine of all) {
        const said = decision(all, mine);
        const others = all.filter((each) => each !== mine);
        if (said.kind === 'free' && mine.lock === 'claim') expect(others).toEqual([]);
        if (said.kind === 'free') expect(others.filter(({ id, lock }) => lock === 'held' && id < mine.id)).toEqual([]);
        if (said.kind === 'wait')
          expect(said.claims.map(({ deploymentId }) => deploymentId)).toEqual(others.map(({ id }) => id));
        if (said.kind !== 'refuse') continue;
        const owner = others.find(({ id }) => id === said.owner.deploymentId);
        expect(owner !== undefined && (owner.lock === 'held' || owner.id < mine.id)).toBe(true);
      }
    }),
  );
});
