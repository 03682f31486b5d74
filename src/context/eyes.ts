import { type ProbeResult, probe } from '../azure/probe.ts';
import { type Asked, type Sight, type Stretch, sightOf } from '../deployment/sight.ts';
import type { Ports } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';
import { headersOf, type Productions, pathsOf, type Visited, visitedApps, wrongWith } from './visitor-paths.ts';

/** What watches production of every app that moves beside all other work, as a visitor would see it. One for the whole run. */
export interface Eyes {
  /** From now on they are asked all the time. Does nothing when they are already. */
  open(of: Productions): void;
  /** How production at this host answers what it is asked from now on, by and by. Rejects when the run is cancelled, and when it is not asked any more. */
  answers(host: string, signal: AbortSignal): AsyncIterable<Asked>;
  /** Visitors are about to be moved, or have been. */
  enter(stretch: Stretch): void;
  /** All that was seen in this run so far. */
  seen(): Sight | undefined;
  close(): Promise<void>;
}

/** The time between two questions on a path; with a few of them open it is twice as long. One that hangs is given up: a visitor has left by then. */
const EVERY_MS = 1000;
const FEW = 3;
const HANGS_MS = 10_000;

export function eyesOf({ clock, log, send }: Ports, settings: Settings, signal: AbortSignal): Eyes {
  const asked: Asked[] = [];
  const latest = new Map<string, Asked>();
  const waiting = new Set<() => void>();
  let stretch: Stretch = 'before';
  let watching: { readonly over: AbortController; readonly ended: Promise<unknown> } | undefined;
  let lostBy: unknown = new Error('Production is not watched.');

  /** Each path by itself: while one hangs the others are asked as before. */
  const watch = async (app: Visited, path: string, over: AbortController) => {
    const until = AbortSignal.any([signal, over.signal]);
    const open = new Set<Promise<void>>();
    try {
      for (;;) {
        const asking = ask(app, path, until)
          .catch((why: unknown) => over.abort(why))
          .finally(() => open.delete(asking));
        open.add(asking);
        await clock.sleep(open.size < FEW ? EVERY_MS : 2 * EVERY_MS, until);
      }
    } catch (why) {
      lostBy = why;
      for (const end of [...waiting]) end();
      await Promise.all(open);
    }
  };

  const ask = async ({ key, host, settings: own }: Visited, path: string, until: AbortSignal): Promise<void> => {
    const at = clock.now();
    const headers = { ...headersOf(own), connection: 'close' };
    const answer = await probe(send, clock, { url: `https://${host}${path}`, headers, timeoutMs: HANGS_MS }, until);
    const said = wrongWith(own, path, answer);
    const wrong = said && `GET ${path}${key === undefined ? '' : ` of ${key}`} ${said}`;
    const each = { host, path, at, ms: clock.now() - at, stretch, wrong, by: instanceOf(answer) };
    asked.push(each);
    tell(each);
    for (const end of [...waiting]) end();
  };

  /** Only what changes: it may be asked for hours. What was asked before says nothing new. */
  const tell = (now: Asked) => {
    const before = latest.get(`${now.host}${now.path}`);
    if (before !== undefined && before.at > now.at) return;
    latest.set(`${now.host}${now.path}`, now);
    if (now.wrong !== undefined && before?.wrong === undefined) log.warning(`Production: ${now.wrong}.`);
    if (now.wrong !== undefined || before?.wrong === undefined) return;
    if ([...latest.values()].every(({ wrong }) => wrong === undefined))
      log.info('Production answers as it should again.');
  };

  /** Until something was answered, of whatever app. */
  const next = (until: AbortSignal) =>
    new Promise<void>((told, lost) => {
      const end = () => {
        until.removeEventListener('abort', end);
        waiting.delete(end);
        if (until.aborted || lostBy !== undefined) lost(until.aborted ? until.reason : lostBy);
        else told();
      };
      if (until.aborted || lostBy !== undefined) return end();
      until.addEventListener('abort', end);
      waiting.add(end);
    });

  return {
    open(of) {
      if (watching !== undefined) return;
      const over = new AbortController();
      lostBy = undefined;
      const paths = visitedApps(of, settings).flatMap((app) => pathsOf(app.settings).map((path) => ({ app, path })));
      watching = { over, ended: Promise.all(paths.map(({ app, path }) => watch(app, path, over))) };
    },
    async *answers(host, until) {
      const since = clock.now();
      for (let index = asked.length; ; await next(until)) {
        for (; index < asked.length; index++) {
          const each = asked[index];
          if (each?.host === host && each.at >= since) yield each;
        }
      }
    },
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
