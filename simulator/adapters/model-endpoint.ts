import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ModelRequest, ModelResponse, World } from '../model/world.ts';
import { authenticate } from './bearer.ts';
import type { SimulatedClock } from './clock.ts';
import { callerOf, modelRequest, readBody, sendModelResponse } from './http-exchange.ts';
import type { RunningWorld } from './running-world.ts';
import type { Tokens } from './tokens.ts';
import { type UnmodelledRequests, whatIsNotModelled } from './unmodelled.ts';

interface ModelEndpointParts {
  /** The origin under which the model is asked, such as `https://localhost:40001`. */
  readonly origin: string;
  readonly world: RunningWorld;
  readonly clock: SimulatedClock;
  readonly tokens: Tokens;
  readonly audiences: readonly string[];
  /** SCM sites take a user and password, too: the model looks at them. */
  readonly takesPasswords: boolean;
  /** Authority named in the challenge of a 401. */
  readonly authority: string;
  readonly callers: Readonly<Record<string, string>>;
  readonly unmodelled: UnmodelledRequests;
  /** The model: answers, and changes the world. */
  answer(world: World, request: ModelRequest, now: number): ModelResponse;
}

/** An endpoint of the model (resource manager, SCM site) for callers with a valid token. */
export function modelEndpoint(parts: ModelEndpointParts): RequestListener {
  return (request, response) => {
    serve(parts, request, response).catch((error) =>
      parts.unmodelled.refuse(response, whatIsNotModelled(error, `${request.method} ${parts.origin}${request.url}`)),
    );
  };
}

async function serve(parts: ModelEndpointParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const isByPassword = parts.takesPasswords && /^Basic /i.test(request.headers.authorization ?? '');
  const clientId = isByPassword ? 'nobody' : await authenticate(parts.tokens, request, response, parts);
  if (clientId === undefined) return;
  const from = callerOf(request, parts.callers);
  const asked = modelRequest(request, body, { origin: parts.origin, from, ...(!isByPassword && { clientId }) });
  const answer = parts.world.change((world, now) => parts.answer(world, asked, now));
  if (answer.delayMs !== undefined) await pause(parts.clock.realMs(answer.delayMs));
  sendModelResponse(response, answer);
}
