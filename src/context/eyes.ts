import { type ProbeResult, probe } from '../azure/probe.ts';
import { type Asked, type Sight, type Stretch, sightOf } from '../deployment/sight.ts';
import type { Ports } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';
import { headersOf, pathsOf, wrongWith } from './visitor-paths.ts';

/** What watches production beside all other work, as a visitor would see it. One for the whole run. */
export interface Eyes {
  /** From now on production is asked all the time. Does nothing when it is already. */
  open(host: string): void;
  /** The next time that it has been asked. Rejects when the run is cancelled, and when it is not asked any more. */
  next(signal: AbortSignal): Promise<Asked>;
  /** Visitors are about to be moved, or have been. */
  enter(stretch: Stretch): void;
  /** All that was seen in this run so far. */
  seen(): Sight | undefined;
  close(): Promise<void>;
}

/** The time between two askings. One that hangs is given up: a visitor has left by then. */
const EVERY_MS = 1000;
const HANGS_MS = 10_000;

export function eyesOf({ clock, log, send }: Ports, settings: Settings, signal: AbortSignal): Eyes {
  const asked: Asked[] = [];
  const waiting = new Set<{ readonly told: (each: Asked) => void; readonly lost: (why: unknown) => void }>();
  let stretch: Stretch = 'before';
  let watching: { readonly over: AbortController; readonly ended: Promise<void> } | undefined;
  let lostBy: unknown = new Error('Production is not watched.');

  const watch = async (host: string, until: AbortSignal) => {
    for (;;) {
      const each = { ...(await askOnce(host, until)), stretch };
      tell(asked.at(-1), each);
      asked.push(each);
      for (const { told } of [...waiting]) told(each);
      await clock.sleep(Math.max(EVERY_MS - each.ms, 100), until);
    }
  };

  const askOnce = async (host: string, until: AbortSignal): Promise<Omit<Asked, 'stretch'>> => {
    const at = clock.now();
    const answers = await Promise.all(
      pathsOf(settings).map(async (path) => {
        const headers = { ...headersOf(settings), connection: 'close' };
        const answer = await probe(send, clock, { url: `https://${host}${path}`, headers, timeoutMs: HANGS_MS }, until);
        return { path, answer, wrong: wrongWith(settings, path, answer) };
      }),
    );
    const failed = answers.filter(({ wrong }) => wrong !== undefined);
    const [first] = failed;
    return {
      at,
      ms: clock.now() - at,
      requests: answers.length,
      failed: failed.length,
      wrong: first && `GET ${first.path} ${first.wrong}`,
      by: answers.flatMap(({ answer }) => instanceOf(answer) ?? []),
    };
  };

  /** Only what changes: it may be asked for hours. */
  const tell = (before: Asked | undefined, now: Asked) => {
    if (now.wrong !== undefined && before?.wrong === undefined) log.warning(`Production: ${now.wrong}.`);
    if (now.wrong === undefined && before?.wrong !== undefined) log.info('Production answers as it should again.');
  };

  return {
    open(host) {
      if (watching !== undefined) return;
      const over = new AbortController();
      const ended = watch(host, AbortSignal.any([signal, over.signal])).catch((why: unknown) => {
        lostBy = why;
        for (const { lost } of [...waiting]) lost(why);
      });
      lostBy = undefined;
      watching = { over, ended };
    },
    next: (until) =>
      new Promise((told, lost) => {
        if (until.aborted || lostBy !== undefined) return lost(until.aborted ? until.reason : lostBy);
        const one = { told: done(told), lost: done(lost) };
        const given = () => one.lost(until.reason);
        until.addEventListener('abort', given);
        waiting.add(one);

        function done<T>(end: (value: T) => void): (value: T) => void {
          return (value) => {
            until.removeEventListener('abort', given);
            waiting.delete(one);
            end(value);
          };
        }
      }),
    enter(into) {
      stretch = into;
    },
    seen: () => sightOf(asked),
    async close() {
      watching?.over.abort(new Error('Production is not watched any more.'));
      await watching?.ended;
      watching = undefined;
    },
  };
}

/**
 * The instance that answered, by the cookie with which App Service brings a visitor back to it, shortened.
 * https://learn.microsoft.com/azure/app-service/configure-common (Session affinity)
 */
function instanceOf(answer: ProbeResult): string | undefined {
  const cookies = 'error' in answer ? '' : (answer.headers['set-cookie'] ?? '');
  return /\bARRAffinity=([0-9a-z]+)/i.exec(cookies)?.[1]?.slice(0, 8);
}
