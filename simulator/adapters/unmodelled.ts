import type { ServerResponse } from 'node:http';
import { Unmodelled } from '../model/world.ts';
import { sendJson } from './http-exchange.ts';

/** What was asked of the simulator that it does not know. Tests assert that there was nothing. */
export interface UnmodelledRequests {
  readonly seen: readonly string[];
  /** Notes a request, says it on stderr, and answers 501 naming it. */
  refuse(response: ServerResponse, what: string): void;
  /** Notes what was not an HTTP request, such as an SQL statement. */
  note(what: string): void;
}

export function unmodelledRequests(): UnmodelledRequests {
  const seen: string[] = [];
  const note = (what: string) => {
    seen.push(what);
    process.stderr.write(`${what}\n`);
  };
  return {
    seen,
    note,
    refuse(response, what) {
      note(what);
      if (response.headersSent) response.destroy();
      else sendJson(response, 501, { error: { code: 'NotModelled', message: what } });
    },
  };
}

/** The sentence for an error that a handler threw: an unmodelled request names itself, a defect shows its stack. */
export function whatIsNotModelled(error: unknown, request: string): string {
  if (error instanceof Unmodelled) return error.message;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `The simulator failed at ${request}: ${detail}`;
}
