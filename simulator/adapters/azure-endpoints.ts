import { request as answerRequest } from '../model/model.ts';
import { arrivalAt } from '../model/web/hosting.ts';
import { graphAudiences, resourceManagerAudiences } from './bearer.ts';
import type { SimulatedClock } from './clock.ts';
import { debugEndpoint } from './debug-endpoint.ts';
import { entraAuthority } from './entra.ts';
import { frontDoor } from './front-door.ts';
import { byHost } from './hosts.ts';
import { callerOf, pathOf } from './http-exchange.ts';
import type { Listener } from './listeners.ts';
import { managedIdentity } from './managed-identity.ts';
import { modelEndpoint } from './model-endpoint.ts';
import type { SimulatorOptions } from './options.ts';
import type { Processes } from './processes.ts';
import { resourceManager } from './resource-manager.ts';
import type { RunningWorld } from './running-world.ts';
import type { Tokens } from './tokens.ts';
import type { UnmodelledRequests } from './unmodelled.ts';

/** The listeners of a simulated Azure, opened before the world is made, because it holds their addresses. */
export interface Listeners {
  readonly resourceManager: Listener;
  readonly authority: Listener;
  readonly identity: Listener;
  /** Two for each slot, app and SCM site; or one for all of them, which are told apart by name. */
  readonly hosts: readonly Listener[] | Listener;
}

interface EndpointParts {
  readonly listeners: Listeners;
  readonly options: SimulatorOptions;
  readonly world: RunningWorld;
  readonly clock: SimulatedClock;
  readonly tokens: Tokens;
  readonly processes: Processes;
  readonly unmodelled: UnmodelledRequests;
  /** The principal behind the managed identity. */
  readonly clientId: string;
}

/** App Service's limit for a request, and so for a start that a request waits for: simulated, and at least so long really. */
const COLD_START_MS = 230_000;
const SHORTEST_COLD_START_MS = 10_000;

/** Puts the world behind the listeners. */
export function answerAsAzure(parts: EndpointParts): void {
  const { listeners, options, world, clock, tokens, processes, unmodelled } = parts;
  const callers = options.callers ?? {};
  const { origin } = listeners.resourceManager;
  const authority = listeners.authority.origin;
  const model = (at: string, takesPasswords: boolean, audiences = resourceManagerAudiences(origin)) =>
    modelEndpoint({
      origin: at,
      takesPasswords,
      world,
      clock,
      tokens,
      audiences,
      authority,
      callers,
      unmodelled,
      answer(state, asked, now) {
        const answered = answerRequest(state, asked, now);
        options.observe?.(asked, answered);
        return answered;
      },
    });
  listeners.resourceManager.answer(
    resourceManager({
      places: { resourceManager: origin, authority, portal: origin },
      debug: debugEndpoint({ world, timeScale: clock.scale, processes, unmodelled }),
      model: model(origin, false),
    }),
  );
  const issuers = new Map(Object.entries(options.issuers ?? {}));
  const entra = entraAuthority({ origin: authority, world, tokens, issuers, unmodelled });
  const graph = model(authority, false, graphAudiences(authority));
  listeners.authority.answer((asked, answer) => (pathOf(asked).startsWith('/graph/') ? graph : entra)(asked, answer));
  listeners.identity.answer(managedIdentity({ world, tokens, clientId: parts.clientId, unmodelled }));
  const door = (host: string) =>
    frontDoor({
      host,
      instances: processes,
      coldStartMs: Math.max(clock.realMs(COLD_START_MS), SHORTEST_COLD_START_MS),
      routeOf: (at, from, path) =>
        world.read((state, now) => arrivalAt(state, { host: at, from, path, isHttps: true }, now)),
      callerOf: (request) => callerOf(request, callers),
      scm: model(`https://${host}`, true),
    });
  const { hosts } = listeners;
  if ('answer' in hosts) hosts.answer(byHost(door));
  else for (const listener of hosts) listener.answer(door(listener.host));
}
