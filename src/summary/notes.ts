import type { DatabasePart, Observed, Pair } from '../deployment/observed.ts';
import { suspendedText } from '../deployment/suspended.ts';
import { suspendedIn } from '../deployment/suspended-entry.ts';
import { type PhaseName, traitsOf } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { seconds } from '../wait.ts';
import { copyNotes } from './copies.ts';
import { nothingElseNotes } from './nothing-else.ts';
import { preparedNotes } from './prepared.ts';

/** What people should know of this deployment although nothing is wrong; sentences. */
export function notesOf(
  settings: Settings,
  phases: readonly PhaseName[],
  observed: Observed,
  first?: Observed,
): string[] {
  const isAlone = observed.record !== null || !phases.some((phase) => traitsOf[phase].overview);
  return [
    ...notChecked(phases, observed),
    ...notWritten(settings, phases, observed),
    ...suspended(observed),
    ...clonesApart(observed),
    ...preparedNotes(observed),
    ...copyNotes(observed),
    ...nothingElseNotes(phases, observed, first),
    ...(phases.some((phase) => traitsOf[phase].overview) ? forgotten(observed) : []),
    ...(isAlone ? [] : othersOpen(observed)),
  ];
}

/** Deployments that other runs have opened. */
export function othersOpen({ others }: DatabasePart): string[] {
  return others.map(
    ({ deploymentId, app, run, actor }) =>
      `Deployment ${deploymentId} of ${app} is open; ${actor || 'somebody'} began it in run ${run}. Input deployment-id names the one to look at.`,
  );
}

function notChecked(phases: readonly PhaseName[], { record }: Observed): string[] {
  if (record?.mode !== 'read-write' || !phases.includes('read-only')) return [];
  return [
    'Not checked, because of mode read-write: that nothing can be written on the copy, and that none of its connections leads to an original. Look at its connection strings before "switch".',
  ];
}

/** Settings and databases look right, but only a request can show that the app takes writes. */
function notWritten({ writeProbes }: Settings, phases: readonly PhaseName[], { record }: Observed): string[] {
  if (!phases.includes('complete') || record?.completedAt === undefined) return [];
  if (writeProbes.length > 0 && record.candidate?.role === 'new') return [];
  const why =
    writeProbes.length > 0
      ? 'write-probes are the new build’s'
      : 'name a harmless request with write-probes, such as POST /ping-write -> 200, and "validate" and "complete" do';
  return [`The databases take writes, but nobody has tried whether visitors can write again: ${why}.`];
}

/** Whoever relies on it meanwhile must know. */
function suspended({ record }: Observed): string[] {
  const all = suspendedIn(record?.suspended);
  if (all.length === 0) return [];
  return [`For this deployment ${suspendedText(all)}: swap no slot of your own meanwhile. "cleanup" puts it back.`];
}

const LONG_DAYS = 7;

/** Each clone costs what its original does, and what it was made of gets old. */
function forgotten({ record, databases, now }: Observed): string[] {
  const since = Date.parse(databases.find(({ clone }) => clone !== null)?.cloneTags?.requestedAt ?? '');
  const days = Math.floor((Date.parse(now) - since) / 86_400_000);
  if (record === null || !(days >= LONG_DAYS)) return [];
  const end = record.completedAt === undefined ? 'Bring it to its end, or back with "rollback", then run' : 'Run';
  return [
    `Deployment ${record.deploymentId} has been open for ${days} days, and each of its clones costs as much as a database of its size. ${end} "cleanup".`,
  ];
}

/** Each clone is consistent in itself; its content dates from somewhere inside its own snapshot interval. */
function clonesApart({ databases }: Observed): string[] {
  const intervals = databases.flatMap(intervalOf);
  if (intervals.length < 2) return [];
  const gaps = intervals.flatMap((one) =>
    intervals
      .filter((other) => other !== one)
      .map((other) => ({ most: other.to - one.from, least: other.from - one.to })),
  );
  const most = seconds(Math.max(...gaps.map((gap) => gap.most)));
  const least = Math.max(...gaps.map((gap) => gap.least));
  const names = intervals.map(({ name }) => name);
  return [
    `The clones of ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are each consistent in themselves, not with each other: their contents lie ${least > 0 ? `at least ${seconds(least)} and ` : ''}at most ${most} apart.`,
  ];
}

function intervalOf({ name, cloneTags }: Pair): { name: string; from: number; to: number }[] {
  const from = Date.parse(cloneTags?.requestedAt ?? '');
  const to = Date.parse(cloneTags?.completedAt ?? '');
  return Number.isNaN(from) || Number.isNaN(to) ? [] : [{ name, from, to }];
}
