import { probe } from '../azure/probe.ts';
import type { Slot } from '../deployment/observed.ts';
import type { Ports } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';
import { headersOf, wrongWith } from './visitor-paths.ts';

type Instance = Pick<Slot, 'host' | 'markerText'>;

/** What an instance has answered until now. */
export interface Answered {
  /** Healthy answers in a row, the last one included; none when that was not healthy. */
  readonly healthy: number;
  /** When the last one was asked for, by the runner's clock. */
  readonly askedAt: number;
}

/**
 * Asks for the health of the instance that is to be proven, from the moment on in which it is known which it is: the way in to SQL, the
 * lease and another look take as long as most of the proof, and visitors wait. It decides nothing.
 */
export interface EarlyAnswers {
  /** Begins to ask. Does nothing while an instance is asked. */
  begin(instance: Instance): void;
  /**
   * Ends asking. @returns what it has answered; nothing when another instance was asked, since another marker is another one, or when
   * the last answer is not of now: it may hang by now.
   */
  take(instance: Instance): Answered | undefined;
  /** Ends asking, and forgets what was answered. */
  forget(): Promise<void>;
}

const EVERY_MS = 1000;
const SHORTEST_PAUSE_MS = 100;
/** The next question is asked a second after the last one; a second more is what its answer may take. */
const OF_NOW_MS = 2 * EVERY_MS;

export function earlyAnswers({ clock, send }: Ports, settings: Settings, signal: AbortSignal): EarlyAnswers {
  let asking: { readonly of: Instance; readonly over: AbortController; readonly ended: Promise<void> } | undefined;
  let answered: Answered | undefined;

  const ask = async (host: string, until: AbortSignal) => {
    const { healthPath } = settings;
    for (;;) {
      const askedAt = clock.now();
      const request = { url: `https://${host}${healthPath}`, headers: headersOf(settings) };
      const wrong = wrongWith(settings, healthPath, await probe(send, clock, request, until));
      until.throwIfAborted();
      answered = { healthy: wrong === undefined ? (answered?.healthy ?? 0) + 1 : 0, askedAt };
      await clock.sleep(Math.max(EVERY_MS - (clock.now() - askedAt), SHORTEST_PAUSE_MS), until);
    }
  };

  const end = () => {
    const ended = asking?.ended;
    asking?.over.abort(new Error('The instance is not asked any more.'));
    asking = undefined;
    return ended;
  };

  return {
    begin(of) {
      if (asking !== undefined) return;
      const over = new AbortController();
      answered = undefined;
      asking = { of, over, ended: ask(of.host, AbortSignal.any([signal, over.signal])).catch(() => undefined) };
    },
    take({ host, markerText }) {
      const isSame = asking?.of.host === host && asking.of.markerText === markerText;
      end();
      const isOfNow = answered !== undefined && clock.now() - answered.askedAt <= OF_NOW_MS;
      return isSame && isOfNow ? answered : undefined;
    },
    async forget() {
      await end();
      answered = undefined;
    },
  };
}
