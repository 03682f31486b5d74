import type { World } from '../../world.ts';
import type { Slot } from '../state.ts';

/** A request to Kudu, signed in already. */
export interface ScmCall {
  readonly world: World;
  readonly slot: Slot;
  readonly now: number;
  readonly method: string;
  readonly url: URL;
  /** Below `/api/`, decoded, without an end slash: `vfs`, `site`, `wwwroot`. */
  readonly segments: readonly string[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An error as Kudu writes it. */
export function kuduError(status: number, message: string): { status: number; body: unknown } {
  return { status, body: { Message: message, ExceptionMessage: message } };
}

/** `true` and `false` in a query; anything else is the default. */
export function flag(url: URL, name: string, otherwise: boolean): boolean {
  for (const [key, value] of url.searchParams) {
    if (key.toLowerCase() === name.toLowerCase()) return value.toLowerCase() === 'true';
  }
  return otherwise;
}
