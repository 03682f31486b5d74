import { type Asked, byPath, gapsIn, IN_A_ROW, inOrder } from '../deployment/sight.ts';

/** The share of bad answers that an instance in trouble exceeds: apps that have a bad moment now and then are common. */
const SHARE = 0.05;

/**
 * Whether what production has answered so far says that it is unhealthy: never by one bad answer, but by several in a row or
 * too many of all.
 * @param answers in order; true is a healthy one.
 * @param tolerated so many bad ones say nothing in any case (input max-errors).
 */
export function isUnhealthy(answers: readonly boolean[], tolerated: number): boolean {
  const bad = answers.filter((isHealthy) => !isHealthy).length;
  if (bad <= tolerated || bad < IN_A_ROW) return false;
  return answers.slice(-IN_A_ROW).every((isHealthy) => !isHealthy) || bad > answers.length * SHARE;
}

/** A restart takes seconds, however few questions hang meanwhile. An instance that is down for longer does not come back by itself. */
const RESTART_MS = 15_000;

/**
 * The answers without one outage that was no longer than a restart: minutes after a swap Azure may restart the instance once
 * more by itself. https://learn.microsoft.com/azure/app-service/deploy-staging-slots#troubleshoot-swaps
 * @param asked in order
 */
export function withoutOneRestart(asked: readonly Asked[]): readonly Asked[] {
  const [longest] = gapsIn(asked).toSorted((one, other) => other.to - other.from - (one.to - one.from));
  if (longest === undefined || longest.to - longest.from > RESTART_MS) return asked;
  return asked.filter(({ at }) => at < longest.from || at >= longest.to);
}

/** What is wrong with the first path whose answers say that it is unhealthy; undefined when none is. */
export function illnessIn(answers: readonly Asked[], tolerated: number, isSoak: boolean): string | undefined {
  const asked = isSoak ? withoutOneRestart(inOrder(answers)) : inOrder(answers);
  const isWell = ({ wrong }: Asked) => wrong === undefined;
  const ill = byPath(asked).find((each) => isUnhealthy(each.map(isWell), tolerated));
  return ill?.findLast(({ wrong }) => wrong !== undefined)?.wrong;
}
