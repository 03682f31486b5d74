import { createHmac } from 'node:crypto';

/**
 * The headers of Standard Webhooks: who holds the secret can tell that the body is ours and not an old one sent again.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param now milliseconds since the epoch
 */
export function signedHeaders(
  secret: Uint8Array | undefined,
  id: string,
  now: number,
  body: string,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const named = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return named;
  const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${digest}` };
}
