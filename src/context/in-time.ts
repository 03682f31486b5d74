import type { Ports } from '../ports.ts';

/**
 * Does the work, and ends it when its time is over; the signal that the work gets then says why.
 * @param limitMs milliseconds
 * @param why what is said then
 */
export async function inTime<T>(
  { clock }: Pick<Ports, 'clock'>,
  limitMs: number,
  why: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [limit, ended] = [new AbortController(), new AbortController()];
  void clock.sleep(limitMs, ended.signal).then(
    () => limit.abort(new Error(why)),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } finally {
    ended.abort();
  }
}
