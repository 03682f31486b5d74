import type { HttpRequest, Ports } from '../../src/ports.ts';
import type { Work, WorkKind } from './azure-work.ts';

/** How much the action asked. */
export interface Traffic {
  /** Requests to ARM that look at a state for the first time. */
  readonly reads: number;
  /** Requests to ARM that look again because something was not there yet. */
  readonly polls: number;
  readonly writes: number;
  /** Requests to SCM sites. */
  readonly scm: number;
  /** Requests to the app itself: health, smoke paths, probes. */
  readonly probes: number;
  readonly statements: number;
  readonly connections: number;
}

/** Listens between the action and the model. */
interface Listener {
  around(ports: Ports): Ports;
  traffic(): Traffic;
  /** Writes that Azure took its time to answer. */
  works(): readonly Work[];
  /** The instants of all reads from ARM (`GET`), which throttling counts. */
  readAt(): readonly number[];
}

/** A read counts as a poll when it is sent in the instant at which a pause of the action ended: every wait loop looks right then. */
export function listener(): Listener {
  const counts = { reads: 0, polls: 0, writes: 0, scm: 0, probes: 0, statements: 0, connections: 0 };
  const works: Work[] = [];
  const reads: number[] = [];
  let wokeAt = -1;
  return {
    traffic: () => ({ ...counts }),
    works: () => works,
    readAt: () => reads,
    around: (ports) => ({
      ...ports,
      clock: {
        now: ports.clock.now,
        async sleep(ms, signal) {
          await ports.clock.sleep(ms, signal);
          wokeAt = ports.clock.now();
        },
      },
      async send(request, signal) {
        const from = ports.clock.now();
        const where = placeOf(request);
        const writing = where === 'arm' && isWrite(request);
        if (where !== 'arm') counts[where]++;
        else if (writing) counts.writes++;
        else if (request.method === 'GET') reads.push(from);
        const kind = from === wokeAt || /operationresults/i.test(request.url) ? 'polls' : 'reads';
        const answer = await ports.send(request, signal);
        // What was asked too soon is asked again, and counts then.
        if (where === 'arm' && !writing && answer.status !== 429) counts[kind]++;
        if (writing) works.push({ ...kindOf(request), from, to: ports.clock.now() });
        return answer;
      },
      sql: {
        async connect(target) {
          counts.connections++;
          const connection = await ports.sql.connect(target);
          return {
            close: () => connection.close(),
            query(statement, parameters) {
              counts.statements++;
              return connection.query(statement, parameters);
            },
          };
        },
      },
    }),
  };
}

/** What a request of somebody who polls operations by their addresses is, whom no pause of ours tells of. */
export function askedOf(request: Asked): 'reads' | 'polls' | 'writes' | 'scm' {
  const { pathname, host } = new URL(request.url);
  if (/\.scm\./.test(host)) return 'scm';
  if (isWrite(request)) return 'writes';
  return /operation(results|statuses)|asyncoperation/i.test(pathname) ? 'polls' : 'reads';
}

/** What was asked after `before`. */
export function without(all: Traffic, before: Traffic): Traffic {
  return {
    reads: all.reads - before.reads,
    polls: all.polls - before.polls,
    writes: all.writes - before.writes,
    scm: all.scm - before.scm,
    probes: all.probes - before.probes,
    statements: all.statements - before.statements,
    connections: all.connections - before.connections,
  };
}

function placeOf({ url }: HttpRequest): 'arm' | 'scm' | 'probes' {
  const { host } = new URL(url);
  if (host === 'management.azure.com') return 'arm';
  return host.includes('.scm.') ? 'scm' : 'probes';
}

interface Asked {
  readonly method: string;
  readonly url: string;
}

/** ARM lists what holds secrets by POST. */
function isWrite({ method, url }: Asked): boolean {
  return method !== 'GET' && !(method === 'POST' && /\/list$/.test(new URL(url).pathname));
}

function kindOf({ method, url }: HttpRequest): { kind: WorkKind; on: string } {
  const path = new URL(url).pathname;
  const on = /\/slots\/([^/]+)/.exec(path)?.[1] ?? path.split('/').at(-1) ?? '';
  if (/\/slots\/[^/]+$/.test(path) && method === 'PUT') return { kind: 'slot creation', on };
  if (/\/config\//i.test(path)) return { kind: 'settings write', on };
  if (/\/move$/.test(path)) return { kind: 'rename', on: path.split('/').at(-2) ?? '' };
  return { kind: 'quick write', on };
}
