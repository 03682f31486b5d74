import { readGap } from '../deployment/gap.ts';
import { byCodeUnits } from '../deployment/names.ts';
import { BEGINNING, nextPhases } from '../deployment/next-phases.ts';
import type { DatabasePart, Observed } from '../deployment/observed.ts';
import { type PartialLook, type SeenSlots, wholeOf } from '../deployment/partial-look.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { candidateSlot } from '../deployment/slots.ts';
import { stateOf } from '../deployment/state.ts';
import type { RunResult } from './outputs.ts';

/** What a look at Azure says about the deployment, for outputs and summary. */
export function resultOf(observed: Observed, changed: boolean): RunResult {
  const { record } = observed;
  const state = stateOf(observed);
  const candidate = record?.completedAt === undefined ? candidateSlot(observed) : null;
  return {
    ...recorded(observed, observed.now),
    ...slotIds(observed),
    state,
    changed,
    nextPhases: nextPhases(observed),
    lostWrites: observed.thisRun.lostWrites,
    candidateSlot: candidate?.name,
    validationUrl: candidate ? `https://${candidate.host}` : undefined,
  };
}

/** The same with parts missing: no state, and so no next phase, where these hang on what production serves. */
export function resultOfPartial(look: PartialLook): RunResult {
  const whole = wholeOf(look);
  if (whole) return resultOf(whole, false);
  const { databasePart, now } = look;
  const isNone = databasePart?.record === null && databasePart.others.length === 0;
  const state = isNone ? 'none' : undefined;
  return {
    ...(databasePart ? recorded(databasePart, now) : { cloneDatabases: {} }),
    ...slotIds(look),
    state,
    changed: false,
    nextPhases: state === undefined ? [] : BEGINNING,
  };
}

function recorded({ record, databases }: DatabasePart, now: string) {
  const tags = databases.flatMap((pair) => (pair.cloneTags ? [pair.cloneTags] : []));
  return {
    deploymentId: record?.deploymentId,
    cloneDatabases: Object.fromEntries(
      databases.flatMap((pair) => (pair.clone && record ? [[pair.name, pair.clone.name]] : [])),
    ),
    // A snapshot that ends later holds nothing that an earlier one lacks, so the latest is right for all of them.
    snapshotTimestamp: tags.every((tag) => tag.completedAt) ? latest(tags.map((tag) => tag.completedAt)) : undefined,
    snapshotRequestedAt: earliest(tags.map((tag) => tag.requestedAt)),
    rollbackPoint: record?.rollbackPoint,
    readOnlySeconds: readOnlySeconds(record, now),
    gapRows: readGap(record?.gap)?.rows,
  };
}

function slotIds({ production, readonlySlot, stagingSlot }: SeenSlots) {
  return {
    productionSlotId: production?.id,
    readonlySlotId: readonlySlot?.id,
    stagingSlotId: stagingSlot?.id,
    productionUrl: production && `https://${production.host}`,
  };
}

/** From the route change of `switch` to that of `complete`; until now while the window is open. */
function readOnlySeconds(record: DeploymentRecord | null, now: string): number | undefined {
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
    .sort((one, other) => byCodeUnits(sortKey(one), sortKey(other)));
}

function sortKey(instant: string): string {
  const [seconds = '', decimals = ''] = instant.replace(/Z$/, '').split('.');
  return `${seconds}.${decimals.padEnd(7, '0')}`;
}
