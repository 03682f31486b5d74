import type { Kind } from './build.ts';

/** A request as the application sees it. */
export interface Asked {
  /** As it was sent: an encoded `?` is part of it. */
  readonly path: string;
  /** Whether X-Forwarded-Proto says https: visitors come through the front end, App Service's own pings do not. */
  readonly isHttps: boolean;
  /** The caller's address. */
  readonly from: string;
}

/** What an application answers before it looks at anything else; undefined when it goes on. */
export function atTheDoor(kind: Kind, asked: Asked): { readonly status: number; readonly reason: string } | undefined {
  if (kind.redirectsToHttps && !asked.isHttps) return { status: 307, reason: 'over https, please' };
  if (kind.letsInOnly?.every((begin) => !asked.from.startsWith(begin)))
    return { status: 403, reason: 'not from there' };
  if (kind.asksToSignIn && !kind.asksToSignIn.except.includes(asked.path)) return { status: 401, reason: 'sign in' };
  // No route has a question mark in its path.
  if (/%3f/i.test(asked.path)) return { status: 404, reason: 'no such page' };
  return undefined;
}
