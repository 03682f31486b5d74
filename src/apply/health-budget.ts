import { IN_A_ROW } from '../deployment/sight.ts';

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

/** A restart takes seconds. An instance that is down for longer does not come back by itself. */
const RESTART = 15;

/**
 * The answers without one outage that was no longer than a restart: minutes after a swap Azure may restart the instance once
 * more by itself. https://learn.microsoft.com/azure/app-service/deploy-staging-slots#troubleshoot-swaps
 */
export function withoutOneRestart(answers: readonly boolean[]): readonly boolean[] {
  let longest = { from: 0, length: 0 };
  let length = 0;
  for (const [index, isHealthy] of answers.entries()) {
    length = isHealthy ? 0 : length + 1;
    if (length > longest.length) longest = { from: index - length + 1, length };
  }
  if (longest.length > RESTART) return answers;
  return answers.filter((_, index) => index < longest.from || index >= longest.from + longest.length);
}
