import { apartFrom, candidateOf, copyOf, focusOn, sideOf } from '../deployment/companions.ts';
import type { Companion, Observed, Slot } from '../deployment/observed.ts';
import type { DeploymentRecord, SwapPurpose } from '../deployment/record.ts';
import { serving } from '../deployment/stage.ts';
import { Stop } from '../errors.ts';
import { recordFields, startSlot } from '../steps/constructors.ts';
import { forApp, inOrder } from '../steps/in-order.ts';
import type { Plan, Step, StepOf } from '../steps/steps.ts';
import { openIntentPlan, swapPlan } from '../swap/plan.ts';
import { existing, refuse, stopOnCompanions } from './refusals.ts';

// Several apps move all or not at all. The first app moves last and goes back first, so where its visitors are says how far the
// deployment has come, and every companion that is elsewhere is on its way there. ADR 24.

type Move = 'switch' | 'complete';

const BACK: Readonly<Record<Move, SwapPurpose>> = { switch: 'undo', complete: 'return' };

/** Where companions are before the move, and where after it. */
const HOME = { switch: 'live-build', complete: 'read-only-copy' } as const;

/** What an open intent of a companion asks for, before anything else. Undefined when there is none. */
export function companionIntentPlan(observed: Observed): Plan | undefined {
  const { record } = observed;
  if (record?.intent === undefined || record.swapApp === undefined) return undefined;
  const companion = observed.companions.find(({ key }) => key === record.swapApp);
  if (companion) return forApp(companion.key, openIntentPlan(focusOn(observed, companion)) ?? []);
  throw new Stop(
    'drifted',
    `A swap of ${record.swapApp} is recorded, and that app could not be looked at.`,
    'See that the app exists and that the identity may read it, then run the phase again.',
  );
}

/**
 * The plan of a phase that moves visitors, as long as those of the first app are where they were. Whatever keeps the rest from
 * moving sends back those that were moved, and is said once they are.
 */
export function allOrNone(observed: Observed, move: Move, plan: () => Plan): Plan {
  // Who is neither on a copy nor on a candidate is on no way of ours: nobody is moved because of it.
  stopOnCompanions(observed);
  const moved = movedIn(observed, move);
  const isGoingBack = observed.record?.movingBack !== undefined;
  let why = '';
  try {
    if (observed.record?.intent !== undefined || !isGoingBack) return plan();
    if (moved.length === 0) return isOver(observed, move, plan);
  } catch (stop) {
    if (!(stop instanceof Stop) || moved.length === 0) throw stop;
    why = stop.happened.replace(/\.$/, '');
  }
  return inOrder(
    !isGoingBack && recordFields({ movingBack: move }, `all apps move or none, and not all can: ${why}`),
    ...backwards(observed, move),
  );
}

/** All are back. In the run that brought them back the reason is said; a later one begins anew. */
function isOver(observed: Observed, move: Move, plan: () => Plan): Plan {
  const runs = Object.values(observed.thisRun.companions ?? {});
  if (!runs.some(({ settled }) => settled !== undefined)) {
    return inOrder(recordFields({ movingBack: undefined }, 'all apps are back'), ...plan());
  }
  plan();
  throw new Stop(
    'failed',
    'Not all apps could be moved, so visitors of those that were have been sent back.',
    `Look at the log of the run before, then run "${move}" again.`,
  );
}

/**
 * The move of the first app, and before it those of the companions that are not there yet, each by a swap of its own, in their
 * order. All are proven before any moves: none moves in vain.
 */
export function withCompanions(
  observed: Observed,
  move: Move,
  main: Plan,
  because: string,
  fields: Partial<DeploymentRecord> = {},
): Plan {
  if (observed.companions.length === 0) return main;
  const waiting = observed.companions.filter((companion) => sideOf(observed, companion) === HOME[move]);
  const isUnderWay = waiting.length < observed.companions.length;
  if (observed.thisRun.notProven) throw observed.thisRun.notProven.stop;
  const parts = [
    ...waiting.map((companion) => {
      const focus = focusOn(observed, companion);
      openIntentPlan(focus);
      if (focus.thisRun.notProven) throw focus.thisRun.notProven.stop;
      const source = sourceOf(observed, companion, move);
      return forApp(companion.key, swapPlan(focus, source, move, because, fields));
    }),
    main,
  ].map((plan) => proofFirst(plan, isUnderWay));
  return [...parts.flatMap(({ proof }) => proof), ...parts.flatMap(({ swap }) => swap)];
}

/** Where some have moved already, a proof that fails must not end the run there. */
function proofFirst(plan: Plan, isUnderWay: boolean): { readonly proof: Plan; readonly swap: Plan } {
  const [first = [], ...rest] = plan;
  const isProof = (step: Plan[number][number]) => step.kind === 'prove-instance';
  if (!first.some(isProof)) return { proof: [], swap: plan };
  const proof = isUnderWay
    ? first.map((step) => (isProof(step) ? { ...step, tolerated: true as const } : step))
    : first;
  return { proof: [proof], swap: rest };
}

/** Each companion is watched beside the first app: by its own host, until it is known to stay healthy or not. */
export function watchCompanions(observed: Observed, watch: StepOf<'watch-production'>): readonly Step[] {
  return observed.companions.flatMap((companion) => {
    const { watched } = focusOn(observed, companion).thisRun;
    const isKnown = watched?.purpose === watch.purpose && watched.marker === companion.look.production.markerText;
    return isKnown ? [] : forApp(companion.key, [[watch]]).flat();
  });
}

/** Those that were moved go back, the last one first. One that cannot keeps none of the others, and is told of when they are back. */
export function backwards(observed: Observed, move: Move): Plan {
  const stops: Stop[] = [];
  const plan = movedIn(observed, move)
    .toReversed()
    .flatMap((companion) => {
      try {
        return wayBack(observed, companion, move);
      } catch (stop) {
        if (!(stop instanceof Stop)) throw stop;
        stops.push(stop);
        return [];
      }
    });
  const [first] = stops;
  if (first !== undefined && plan.length === 0) throw first;
  return plan;
}

/** Nobody can go on or be elsewhere while apps are apart: a swap back that Azure gives up is sent anew, so often. */
const MOST_SWAPS_BACK = 3;

function wayBack(observed: Observed, companion: Companion, move: Move): Plan {
  const focus = focusOn(observed, companion);
  const { unswapped = 0, notProven } = focus.thisRun;
  if (unswapped >= MOST_SWAPS_BACK) openIntentPlan(focus);
  const target = move === 'switch' ? companion.look.readonlySlot : copyOf(observed, companion);
  const slot = existing(target, observed.record?.readonlySlot ?? '', 'nobody');
  if (notProven?.slot === slot.name) throw notProven.stop;
  const because = 'not all apps could be moved';
  const { proof, swap } = proofFirst(
    swapPlan(focus, { ...slot, state: 'Running' }, BACK[move], because),
    observed.companions.length > 1,
  );
  return forApp(companion.key, inOrder(slot.state !== 'Running' && startSlot(slot.name, because), ...proof, ...swap));
}

/** Those that the move has brought elsewhere. */
export function movedIn(observed: Observed, move: Move): readonly Companion[] {
  return observed.companions.filter((companion) => sideOf(observed, companion) !== HOME[move]);
}

/** For phases that need all apps on one side: some are still on their way. */
export function refuseApart(observed: Observed): void {
  const apart = apartFrom(observed);
  if (apart.length === 0) return;
  const main = serving(observed);
  refuse(
    `App ${apart.map(({ key }) => key).join(', ')} is on the ${apart.map((each) => sideOf(observed, each)).join(', ')}, and ${observed.app.name} on the ${main}: a move of all apps has not ended.`,
    main === 'live-build' ? 'Run "switch" again: it ends it.' : 'Run "complete" again, or "rollback": they end it.',
  );
}

function sourceOf(observed: Observed, companion: Companion, move: Move): Slot {
  const { record, deploymentId } = observed;
  if (move === 'complete') return existing(candidateOf(observed, companion), record?.stagingSlot ?? '', 'deploy');
  const copy = existing(companion.look.readonlySlot, record?.readonlySlot ?? '', 'read-only');
  if (copy.marker?.deploymentId === deploymentId && copy.marker.role === 'read-only') return copy;
  refuse(
    `Slot ${copy.name} of ${companion.key} does not hold the read-only copy of deployment ${deploymentId}: its marker is "${copy.markerText || 'none'}".`,
    'Run "read-only" again: it prepares the copy anew.',
  );
}
