import type { Observed } from './deployment/observed.ts';
import { nextPhases, stateOf } from './deployment/state.ts';
import type { RunResult } from './outputs.ts';

/** What a look at Azure says about the deployment, for outputs and summary. */
export function resultOf(observed: Observed, changed: boolean): RunResult {
  const { record } = observed;
  const state = stateOf(observed);
  const tags = observed.databases.flatMap((pair) => (pair.cloneTags ? [pair.cloneTags] : []));
  const candidate = [observed.readonlySlot, observed.stagingSlot].find(
    (slot) => slot?.name === record?.candidate?.slot,
  );
  return {
    deploymentId: record?.deploymentId,
    state,
    changed,
    nextPhases: nextPhases(state, record),
    cloneDatabases: Object.fromEntries(
      observed.databases.flatMap((pair) => (pair.clone && record ? [[pair.name, pair.clone.name]] : [])),
    ),
    // A snapshot that ends later holds nothing that an earlier one lacks, so the latest is right for all of them.
    snapshotTimestamp: tags.every((tag) => tag.completedAt) ? latest(tags.map((tag) => tag.completedAt)) : undefined,
    snapshotRequestedAt: earliest(tags.map((tag) => tag.requestedAt)),
    rollbackPoint: record?.rollbackPoint,
    productionSlotId: observed.production.id,
    readonlySlotId: observed.readonlySlot?.id,
    stagingSlotId: observed.stagingSlot?.id,
    candidateSlot: record?.completedAt === undefined ? candidate?.name : undefined,
    validationUrl: candidate && record?.completedAt === undefined ? `https://${candidate.host}` : undefined,
    productionUrl: `https://${observed.production.host}`,
    readOnlySeconds: readOnlySeconds(observed),
  };
}

/** From the route change of `switch` to that of `complete`; until now while the window is open. */
function readOnlySeconds({ record, now }: Observed): number | undefined {
  if (record?.windowOpenedAt === undefined) return undefined;
  return Math.max(0, (Date.parse(record.windowClosedAt ?? now) - Date.parse(record.windowOpenedAt)) / 1000);
}

function latest(instants: readonly (string | undefined)[]): string | undefined {
  return sorted(instants).at(-1);
}

function earliest(instants: readonly (string | undefined)[]): string | undefined {
  return sorted(instants)[0];
}

/** By time, to the last of seven decimals; a Date would drop four of them. */
function sorted(instants: readonly (string | undefined)[]): readonly string[] {
  return instants
    .filter((instant): instant is string => instant !== undefined)
    .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

function sortKey(instant: string): string {
  const [seconds = '', decimals = ''] = instant.replace(/Z$/, '').split('.');
  return `${seconds}.${decimals.padEnd(7, '0')}`;
}
