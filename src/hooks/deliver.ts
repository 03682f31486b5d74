import { messageOf } from '../errors.ts';
import type { HttpRequest, Ports } from '../ports.ts';

/** With the first one; a receiver that restarts is there again by then. */
const TRIES = 3;
const PAUSE_MS = 1000;

/** Why somebody could not be told. */
export interface Untold {
  readonly why: string;
  /** All of the time has passed meanwhile. */
  readonly isLate: boolean;
}

/**
 * Sends it until it is taken, as often as time allows: the receiver tells by the id of the message what it has already. A receiver that let all of its
 * time pass is not asked again. Resolves with why it was not taken, or undefined.
 */
export async function deliver(
  { send, clock }: Pick<Ports, 'send' | 'clock'>,
  request: () => HttpRequest,
  limitMs: number,
  signal: AbortSignal,
): Promise<Untold | undefined> {
  const until = clock.now() + limitMs;
  for (let round = 1; ; round++) {
    const why = await attempt(send, { ...request(), timeoutMs: Math.max(1, Math.ceil(until - clock.now())) }, signal);
    const pause = PAUSE_MS * round;
    if (why === undefined || !why.again || round === TRIES || clock.now() + pause >= until)
      return why && { why: why.text, isLate: signal.aborted || isOver(clock, until) };
    const goesOn = await clock.sleep(pause, signal).then(
      () => true,
      () => false,
    );
    if (!goesOn) return { why: why.text, isLate: true };
  }
}

/** Timers keep no exact time. */
const ABOUT_MS = 100;

/** Whether the time until then has passed. */
export function isOver({ now }: Pick<Ports['clock'], 'now'>, until: number): boolean {
  return now() + ABOUT_MS >= until;
}

async function attempt(
  send: Ports['send'],
  request: HttpRequest,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly again: boolean } | undefined> {
  try {
    const { status } = await send(request, signal);
    if (status >= 200 && status < 300) return undefined;
    if (status >= 300 && status < 400)
      return {
        text: `answered ${status}, a redirect, which is not followed: give the address that it leads to`,
        again: false,
      };
    return { text: `answered ${status}`, again: status === 429 || status >= 500 };
  } catch (error) {
    return { text: `did not answer: ${messageOf(error)}`, again: !signal.aborted };
  }
}
