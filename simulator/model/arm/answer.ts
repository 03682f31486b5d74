import type { ModelResponse, World } from '../world.ts';

/** What a handler answers; `request` adds what every answer of Azure carries. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes as they are; anything else as JSON; absent for an empty body. */
  readonly body?: unknown;
  readonly delayMs?: number;
  /** The body never ends. */
  readonly endless?: true;
}

const encoder = new TextEncoder();
const NOTHING = new Uint8Array();

/** Completes an answer: date (when it arrives), request id, content type. */
export function respond(world: World, answer: Answer, now: number): ModelResponse {
  const headers: Record<string, string> = {
    date: httpDate(now + (answer.delayMs ?? 0)),
    'x-ms-request-id': requestId(world),
    ...answer.headers,
  };
  const delay = answer.delayMs === undefined && !answer.endless ? undefined : delayOf(answer);
  if (answer.body === undefined) return { status: answer.status, headers, body: NOTHING, ...delay };
  if (answer.body instanceof Uint8Array) {
    headers['content-type'] ??= 'application/octet-stream';
    return { status: answer.status, headers, body: answer.body, ...delay };
  }
  headers['content-type'] ??= 'application/json';
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  return { status: answer.status, headers, body: encoder.encode(text), ...delay };
}

function delayOf({ delayMs, endless }: Answer): Pick<Answer, 'delayMs' | 'endless'> {
  return { ...(delayMs !== undefined && { delayMs }), ...(endless && { endless }) };
}

let lastDate = { second: -1, text: '' };

/** RFC 1123; the last one is kept because most answers fall into the same second. */
function httpDate(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastDate.second) lastDate = { second, text: new Date(at).toUTCString() };
  return lastDate.text;
}

/** Looks like a GUID without costing one: a million requests are made in one sweep. */
function requestId(world: World): string {
  return `${(world.nextId++).toString(16).padStart(8, '0')}-5a44-4d00-8000-00000000a2e5`;
}
