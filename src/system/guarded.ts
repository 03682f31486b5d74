import { lookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request as plainly } from 'node:http';
import { request as safely } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { HttpRequest, HttpResponse } from '../ports.ts';
import { isPublicAddress } from '../settings/public-address.ts';

/**
 * Sends a request to the internet and to nowhere else: what a name leads to is looked at by the very connection that is made, so that no second
 * answer of the name server leads elsewhere. https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
 * Nothing of the answer is read but its status and headers.
 * @param isAllowed whether an IP address may be connected to
 */
export async function guarded(
  { url, method, headers, body }: HttpRequest,
  signal: AbortSignal,
  isAllowed: (address: string) => boolean = isPublicAddress,
): Promise<HttpResponse> {
  const { hostname, protocol } = new URL(url);
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  // A host that is an address is not looked up.
  if (isIP(literal) !== 0 && !isAllowed(literal)) throw refusal();
  const text = typeof body === 'string' ? body : '';
  const sending = (protocol === 'http:' ? plainly : safely)(url, {
    method,
    headers: { ...headers, 'content-length': Buffer.byteLength(text) },
    lookup: allowedOnly(isAllowed),
    // A connection of its own: one that is kept was looked up for somebody else.
    agent: false,
    signal,
  });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', resolve);
    sending.once('error', reject);
    sending.end(text);
  });
  const { statusCode = 0, headers: got } = answer;
  answer.destroy();
  const texts = Object.entries(got).map(([name, value]) => [name, [value ?? ''].flat().join(', ')] as const);
  return { status: statusCode, headers: Object.fromEntries(texts), body: new Uint8Array() };
}

function allowedOnly(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const [first] = found;
      // One that is not allowed is reason enough: which of them is taken is chance.
      if (first === undefined || !found.every(({ address }) => isAllowed(address))) return callback(refusal(), '', 0);
      if (options.all) callback(null, [...found]);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(): Error {
  return new Error('its name leads to this machine or to a private network, which is refused');
}
