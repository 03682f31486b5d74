import { Refusal } from '../../arm/refusal.ts';
import type { World } from '../../world.ts';
import type { Slot } from '../state.ts';

/** A request to Kudu, signed in already. */
export interface ScmCall {
  readonly world: World;
  readonly slot: Slot;
  readonly now: number;
  readonly method: string;
  readonly url: URL;
  /** Names in the path, by what its route calls them. */
  readonly names: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** In the shape of Kudu. */
export function kuduRefusal(status: number, message: string): Refusal {
  return new Refusal({ status, body: { Message: message, ExceptionMessage: message } }, message);
}

/** `true` and `false` in a query; anything else is the default. */
export function flag(url: URL, name: string, otherwise: boolean): boolean {
  for (const [key, value] of url.searchParams) {
    if (key.toLowerCase() === name.toLowerCase()) return value.toLowerCase() === 'true';
  }
  return otherwise;
}
