import { urlOf } from '../model/known-url.ts';
import { advance, nextEventAt, request } from '../model/model.ts';
import { writeRow } from '../model/sql/rows.ts';
import type { World } from '../model/world.ts';
import type { ProcessEnd } from './action-process.ts';
import type { Call } from './call.ts';
import { clients, contentBuild, databases, originalIds, production } from './facts.ts';
import type { Moment, Start, Visit, Watcher } from './invariant.ts';
import { invariants } from './invariants.ts';
import { stepRegular } from './regular-writer.ts';

export interface Violated {
  readonly invariant: string;
  readonly what: string;
  readonly at: string;
}

/** Checks every invariant on the model, after every call and at every instant at which something happens by itself. */
interface Watch {
  /** Brings the world to `now`, event by event, looking on. */
  until(now: number): void;
  /** What a run is about to ask, whether it arrives or not. */
  sent(now: number, run: string, call: Call): void;
  step(now: number, run: string, call: Call): void;
  ran(end: ProcessEnd, postLines: readonly string[]): void;
  end(isGreen: boolean): void;
  /** The first violation of each invariant. */
  violations(): readonly Violated[];
}

/** Visitors come this often, and every third one writes. */
const VISIT_EVERY_MS = 2_500;
const WRITE_EVERY = 3;
/** Where the app keeps files, every so many visits sends one. */
const UPLOAD_EVERY = 8;

export function watchOver(start: Start): Watch {
  const { world, history } = start;
  const watchers = invariants.map((invariant) => ({ name: invariant.name, ...invariant.watch(start) }));
  const violations = new Map<string, Violated>();
  let after = 'the beginning';

  const check = (look: (watcher: Watcher) => string | undefined) => {
    for (const watcher of watchers) {
      const what = look(watcher);
      if (what === undefined || violations.has(watcher.name)) continue;
      violations.set(watcher.name, { invariant: watcher.name, what, at: after });
    }
  };
  const step = (now: number, more: Partial<Moment> = {}) => check((watcher) => watcher.step?.({ now, ...more }));
  const visit = (now: number) => {
    history.lastVisitAt = now;
    const seen = look(world, now);
    check((watcher) => watcher.visit?.(seen));
    if (history.nextWrite++ % WRITE_EVERY === 0) {
      write(world, start, now);
      workJobs(world, start, now);
    }
    if (history.nextWrite % UPLOAD_EVERY === 0) upload(world, start, now);
    step(now);
  };

  const nextAt = () =>
    Math.min(nextEventAt(world) ?? Number.POSITIVE_INFINITY, history.regular?.at ?? Number.POSITIVE_INFINITY);

  return {
    until(now) {
      for (let at = nextAt(); at <= now; at = nextAt()) {
        advance(world, at);
        if (history.regular && history.regular.at <= at) stepRegular(world, history, history.regular);
        after = `${new Date(at).toISOString()}, by itself`;
        step(at);
      }
      if (now - history.lastVisitAt >= VISIT_EVERY_MS) visit(now);
    },
    sent(now, run, { ordinal, text, http }) {
      after = `${run}, call ${ordinal}: ${text}`;
      if (http !== undefined && urlOf(http.url).host === production(world).host)
        check((watcher) => watcher.asked?.({ now, run }));
    },
    step(now, run, call) {
      after = `${run}, call ${call.ordinal}: ${call.text}`;
      // A read changes nothing, and what happened by itself was looked at when it did.
      if (call.changes) step(now, { run, call: call.text });
    },
    ran(end, postLines) {
      check((watcher) => watcher.ran?.(end, postLines));
    },
    end(isGreen) {
      after = 'the end';
      check((watcher) => watcher.end?.(isGreen));
    },
    violations: () => [...violations.values()],
  };
}

const VISITOR = { headers: {}, from: '198.51.100.1' };

function look(world: World, now: number): Visit {
  const url = `https://${production(world).host}/`;
  const { status, body } = request(world, { ...VISITOR, method: 'GET', url }, now);
  return { now, status, body: new TextDecoder().decode(body) };
}

/** What is answered 201 must be found again. */
function write(world: World, { history }: Start, now: number): void {
  const id = `visit-${history.nextWrite}`;
  const url = `https://${production(world).host}/?id=${id}`;
  const { status } = request(world, { ...VISITOR, method: 'POST', url }, now);
  if (status !== 201) return;
  const taker = databases(world).find(({ contentId }) => world.sql.contents[contentId]?.writes.at(-1)?.id === id);
  if (taker !== undefined) history.accepted.push({ id, at: now, contentId: taker.contentId });
}

/** What is answered 201 must be kept. */
function upload(world: World, { history }: Start, now: number): void {
  const folder = contentBuild(world, production(world))?.keepsUploadsIn;
  if (folder === undefined) return;
  const path = `${folder}/visit-${history.nextWrite}.jpg`;
  const url = `https://${production(world).host}/${path}`;
  const { status } = request(world, { ...VISITOR, method: 'POST', url, body: new Uint8Array([1]) }, now);
  if (status === 201) history.uploads.push(path);
}

/** WebJobs write wherever they are connected, unless the database refuses. */
function workJobs(world: World, { history }: Start, now: number): void {
  const originals = originalIds(world, history);
  for (const { kind, build, connectedTo } of clients(world)) {
    if (kind !== 'job' || build === undefined) continue;
    for (const { databaseId, contentId } of databases(world).filter((one) => connectedTo.includes(one.databaseId))) {
      const id = `job-${history.nextWrite}-${contentId}`;
      if (writeRow(world, contentId, { id, at: now, by: build.version }) !== undefined) continue;
      if (originals.has(databaseId)) history.accepted.push({ id, at: now, contentId });
    }
  }
}
