import { createWorld, EPOCH, type WorldOptions } from '../../../../simulator/model/create-world.ts';
import { advance, request } from '../../../../simulator/model/model.ts';
import type { World } from '../../../../simulator/model/world.ts';
import { versionFor } from '../versions.ts';

export const SITE =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Web/sites/web';
export const STAGING = `${SITE}/slots/staging`;
export const SCM = 'https://web.scm.azurewebsites.net';
export const STAGING_SCM = 'https://web-staging.scm.azurewebsites.net';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The body never ends. */
  readonly isEndless: boolean;
}

export interface Caller {
  readonly world: World;
  /** Sends one request as the deploying identity and waits until the answer has come. JSON bodies as objects. */
  send(method: string, target: string, body?: unknown, options?: SendOptions): Answered;
  now(): number;
  /** Lets time pass. */
  wait(ms: number): void;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Another identity; null for none. */
  readonly clientId?: string | null;
  /** Looks at the answer without waiting for it. */
  readonly impatient?: boolean;
}

/** A client of a new world, in virtual time. */
export function callerOn(options: WorldOptions = {}): Caller {
  const world = createWorld(options);
  let now = options.now ?? EPOCH;
  const [deployer] = Object.keys(world.principals);
  return {
    world,
    now: () => now,
    wait(ms) {
      now += ms;
      advance(world, now);
    },
    send(method, target, body, { headers = {}, clientId = deployer ?? null, impatient = false } = {}) {
      const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
      const url = target.startsWith('http')
        ? target
        : `https://management.azure.com${target}${target.includes('?') ? '' : `?api-version=${versionFor(target)}`}`;
      const answer = request(
        world,
        {
          method,
          url,
          headers,
          from: '198.51.100.7',
          ...(body === undefined ? {} : { body: bytes }),
          ...(clientId === null ? {} : { clientId }),
        },
        now,
      );
      if (!impatient) now += answer.delayMs ?? 0;
      return {
        status: answer.status,
        headers: answer.headers,
        bytes: answer.body,
        text: new TextDecoder().decode(answer.body),
        isEndless: answer.endless === true,
      };
    },
  };
}

export interface Body {
  readonly properties: Record<string, unknown>;
  readonly tags?: Record<string, string>;
  readonly [name: string]: unknown;
}

/** The JSON object in an answer. */
export function bodyOf(answered: Answered): Body {
  return JSON.parse(answered.text) as Body;
}

/** The message of an error of Microsoft.Web or of Azure Resource Manager. */
export function messageOf(answered: Answered): string {
  const body = JSON.parse(answered.text) as { Message?: string; error?: { message: string } };
  return body.Message ?? body.error?.message ?? '';
}

/** Swaps staging with production and polls to the end; the last answer. */
export function swap(caller: Caller, beforePoll: () => void = () => {}): Answered {
  let answered = caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  while (answered.status === 202) {
    caller.wait(5_000);
    beforePoll();
    answered = caller.send('GET', answered.headers.location ?? '');
  }
  return answered;
}

/** App settings as one reads them. */
export function settings(caller: Caller, slot: string): Record<string, unknown> {
  return bodyOf(caller.send('POST', `${slot}/config/appsettings/list`)).properties;
}
