import { type ModelResponse, newGuid, type World } from '../world.ts';

const encoder = new TextEncoder();

/** An answer of ARM with a JSON body; `undefined` is an empty body, which carries no content type (as recorded). */
export function answer(
  world: World,
  now: number,
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): ModelResponse {
  return {
    status,
    headers: {
      date: new Date(now).toUTCString(),
      'x-ms-request-id': newGuid(world),
      ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...headers,
    },
    body: body === undefined ? new Uint8Array() : encoder.encode(JSON.stringify(body)),
  };
}

/** Thrown inside the handlers of one request; becomes the answer. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

/** The body of an ARM error. */
export function errorBody(code: string, message: string): unknown {
  return { error: { code, message } };
}

/** An instant as Azure SQL writes it: UTC, trailing zeros of the fraction dropped (`…54.97Z`). */
export function azureTime(at: number): string {
  return new Date(at).toISOString().replace(/\.?0+Z$/, 'Z');
}
