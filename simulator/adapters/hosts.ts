import { lookup } from 'node:dns/promises';
import type { RequestListener } from 'node:http';

/** How the hosts of apps and SCM sites are called: names in a zone, or as many `localhost:<port>` as are needed. */
export type Hosts = { readonly zone: string } | { readonly pool: readonly string[] };

/**
 * Stands for `azurewebsites.net`: RFC 6761 keeps `localhost` and all below it for this machine. Two labels, since no
 * client takes a certificate for `*.localhost`.
 */
export const LOCAL_ZONE = 'azurewebsites.localhost';

/** Whether names below the zone lead to this machine: systemd-resolved and macOS know them, a bare container does not. */
export async function namesResolve(): Promise<boolean> {
  try {
    const found = await lookup(`any.${LOCAL_ZONE}`, { all: true });
    return found.length > 0 && found.every(({ address }) => address.startsWith('127.') || address === '::1');
  } catch {
    return false;
  }
}

/** Hands each request to the door of the host that it names. */
export function byHost(doorOf: (host: string) => RequestListener): RequestListener {
  const doors = new Map<string, RequestListener>();
  return (request, response) => {
    const host = (request.headers.host ?? '').toLowerCase();
    const door = doors.get(host) ?? doorOf(host);
    doors.set(host, door);
    return door(request, response);
  };
}
