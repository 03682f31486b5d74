import type { DatabasePart, Observed, Pair } from '../deployment/observed.ts';
import { type PhaseName, traitsOf } from '../settings/phases.ts';
import { seconds } from '../wait.ts';

/** What people should know of this deployment although nothing is wrong; sentences. */
export function notesOf(phases: readonly PhaseName[], observed: Observed): string[] {
  const isAlone = observed.record !== null || !phases.some((phase) => traitsOf[phase].overview);
  return [...notChecked(phases, observed), ...clonesApart(observed), ...(isAlone ? [] : othersOpen(observed))];
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
