import type { RequestListener } from 'node:http';
import type { Variant, World } from '../model/world.ts';
import { readBody, sendJson } from './http-exchange.ts';
import type { Processes } from './processes.ts';
import type { RunningWorld } from './running-world.ts';
import type { UnmodelledRequests } from './unmodelled.ts';

interface DebugParts {
  readonly world: RunningWorld;
  readonly timeScale: number;
  readonly processes: Processes;
  readonly unmodelled: UnmodelledRequests;
}

/** All names of variants: a wrong one must not pass in silence. */
const VARIANTS: readonly Variant[] = Object.keys({
  'late-restart': true,
  '503-after-swap': true,
  'slow-warm-up': true,
  'swap-does-nothing': true,
  'tags-lost-on-copy': true,
  'tags-late': true,
  'scm-403-when-stopped': true,
  'webjobs-run-while-stopped': true,
  'applock-refused-read-only': true,
  'rename-waits-for-connections': true,
  'replicated-stays-open': true,
  'read-only-carried-by-restore': true,
  'restores-refused': true,
  'restores-fail': true,
  'list-without-tags': true,
  'open-settings-stay': true,
  'process-keeps-identity': true,
  'both-builds-answer': true,
  'routes-linger': true,
  'settings-late': true,
  'patch-leaves-connection-strings': true,
  'list-lags': true,
  'private-link-name-refused': true,
  'azure-looks-in': true,
  'pings-must-sign-in': true,
  'requests-are-limited': true,
  'scale-up-interrupts': true,
  'server-knows-no-names': true,
  'identities-late': true,
} satisfies Record<Variant, true>) as Variant[];

/** Throws an Error that names the unknown variant and the known ones. */
export function asVariant(name: string): Variant {
  const variant = VARIANTS.find((each) => each === name);
  if (variant === undefined) throw new Error(`There is no variant ${name}. Variants: ${VARIANTS.join(', ')}.`);
  return variant;
}

/**
 * What Azure does not have, beside the resource manager: `GET /simulator/state` shows the whole world as JSON (files
 * as their lengths); `POST /simulator/variants` with `{"late-restart": true}` switches surprises on and off.
 */
export function debugEndpoint(parts: DebugParts): RequestListener {
  return async (request, response) => {
    try {
      const what = `${request.method} ${request.url}`;
      if (what === 'GET /simulator/state') return sendJson(response, 200, stateOf(parts));
      if (what === 'POST /simulator/variants') {
        const wanted = JSON.parse(Buffer.from(await readBody(request)).toString()) as Record<string, boolean>;
        return sendJson(response, 200, switchVariants(parts.world, wanted));
      }
      parts.unmodelled.refuse(response, `The simulator does not model: ${what}`);
    } catch (error) {
      sendJson(response, 400, { error: { code: 'BadRequest', message: String(error) } });
    }
  };
}

function stateOf({ world, timeScale, processes, unmodelled }: DebugParts) {
  return world.read((state, now) => ({
    now: new Date(now).toISOString(),
    timeScale,
    unmodelled: unmodelled.seen,
    processes: processes.list(),
    world: JSON.parse(JSON.stringify(state, (_key, value) => (value instanceof Uint8Array ? value.length : value))),
  }));
}

function switchVariants(running: RunningWorld, wanted: Readonly<Record<string, boolean>>): World['variants'] {
  const changes = Object.entries(wanted).map(([name, on]) => [asVariant(name), on] as const);
  return running.change((world) => {
    for (const [variant, on] of changes) {
      if (on) world.variants[variant] = true;
      else delete world.variants[variant];
    }
    return world.variants;
  });
}
