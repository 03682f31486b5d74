import type { Invariant } from './invariant.ts';
import { acceptedWritesStay } from './invariants/accepted-writes-stay.ts';
import { appsMoveTogether } from './invariants/apps-move-together.ts';
import { configIsKept } from './invariants/config-is-kept.ts';
import { copyStaysOffOriginals } from './invariants/copy-stays-off-originals.ts';
import { databasesAreToldApart } from './invariants/databases-are-told-apart.ts';
import { endsAsPromised } from './invariants/ends-as-promised.ts';
import { endsAsUndisturbed } from './invariants/ends-as-undisturbed.ts';
import { firewallIsClosed } from './invariants/firewall-is-closed.ts';
import { foreignThingsAreKept } from './invariants/foreign-things-are-kept.ts';
import { headlineIsTrue } from './invariants/headline-is-true.ts';
import { liveBuildIsKept } from './invariants/live-build-is-kept.ts';
import { missedDeadlinesAreUndone } from './invariants/missed-deadlines-are-undone.ts';
import { oneBuildWrites } from './invariants/one-build-writes.ts';
import { oneDeploymentIsOpen } from './invariants/one-deployment-is-open.ts';
import { oneRunChanges } from './invariants/one-run-changes.ts';
import { onlyTheValidatedServes } from './invariants/only-the-validated-serves.ts';
import { originalsAreKept } from './invariants/originals-are-kept.ts';
import { otherAppsReturn } from './invariants/other-apps-return.ts';
import { planOnlyGrows } from './invariants/plan-only-grows.ts';
import { pointLiesBetween } from './invariants/point-lies-between.ts';
import { productionIsWatched } from './invariants/production-is-watched.ts';
import { putOffReturns } from './invariants/put-off-returns.ts';
import { secretsStayInVaults } from './invariants/secrets-stay-in-vaults.ts';
import { secretsStayInside } from './invariants/secrets-stay-inside.ts';
import { servingSlotIsNotTouched } from './invariants/serving-slot-is-not-touched.ts';
import { strangersProveNothing } from './invariants/strangers-prove-nothing.ts';
import { swapsHappenOnce } from './invariants/swaps-happen-once.ts';
import { unhealthyBuildIsWithdrawn } from './invariants/unhealthy-build-is-withdrawn.ts';
import { uploadsStay } from './invariants/uploads-stay.ts';
import { visitorsAreServed } from './invariants/visitors-are-served.ts';

/** Everything that must hold. */
export const invariants: readonly Invariant[] = [
  visitorsAreServed,
  servingSlotIsNotTouched,
  swapsHappenOnce,
  acceptedWritesStay,
  uploadsStay,
  configIsKept,
  originalsAreKept,
  databasesAreToldApart,
  foreignThingsAreKept,
  copyStaysOffOriginals,
  oneBuildWrites,
  otherAppsReturn,
  planOnlyGrows,
  putOffReturns,
  appsMoveTogether,
  pointLiesBetween,
  liveBuildIsKept,
  onlyTheValidatedServes,
  unhealthyBuildIsWithdrawn,
  strangersProveNothing,
  oneDeploymentIsOpen,
  oneRunChanges,
  productionIsWatched,
  missedDeadlinesAreUndone,
  secretsStayInside,
  secretsStayInVaults,
  firewallIsClosed,
  headlineIsTrue,
  endsAsPromised,
  endsAsUndisturbed,
];
