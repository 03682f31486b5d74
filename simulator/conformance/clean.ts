import type { Exchange } from './azure.ts';

const KEPT = new Set([
  'content-type',
  'location',
  'azure-asyncoperation',
  'retry-after',
  'etag',
  'scm-deployment-id',
  'x-ms-failure-cause',
]);
/** Properties whose value is secret or names a person, wherever they stand. A list of connection strings has them inside. */
const PRIVATE =
  /password|secret|connectionstring(?!s$|Names$)|customDomainVerificationId|principalId|objectId|tenantId|email|^login$/i;
/** A site's own list of connection strings calls each of them `value`. */
const PRIVATE_IN_STRINGS = new RegExp(`${PRIVATE.source}|^value$`, 'i');

/** Traffic without what is private: ids are numbered, addresses are documentation's, secrets and signatures are gone. */
export function cleaned(traffic: readonly Exchange[]): readonly Exchange[] {
  const ids = new Map<string, string>();
  const addresses = new Map<string, string>();
  const text = (value: string) =>
    value
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, (id) => numbered(ids, id, guid))
      .replaceAll(/\b(?!192\.0\.2\.)\d{1,3}(\.\d{1,3}){3}\b/g, (ip) => numbered(addresses, ip, documentation))
      .replaceAll(/([?&](?:c|s|h|sig)=)[^&"]+/g, '$1<redacted>');
  const body = (value: unknown, secret: RegExp, name = ''): unknown => {
    if (secret.test(name) && value !== null) return '<redacted>';
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map((one) => body(one, secret));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, body(one, secret, key)]));
  };
  return traffic.map((one) => {
    const secret = /\/config\/connectionstrings/i.test(one.url) ? PRIVATE_IN_STRINGS : PRIVATE;
    return {
      ...one,
      url: text(one.url),
      requestBody: body(one.requestBody, secret),
      body: body(one.body, secret),
      headers: Object.fromEntries(
        Object.entries(one.headers)
          .filter(([name]) => KEPT.has(name))
          .map(([name, value]) => [name, text(value)]),
      ),
    };
  });
}

function numbered(known: Map<string, string>, value: string, make: (number: number) => string): string {
  const before = known.get(value.toLowerCase());
  if (before !== undefined) return before;
  const made = make(known.size + 1);
  known.set(value.toLowerCase(), made);
  return made;
}

function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** https://www.rfc-editor.org/rfc/rfc5737 */
function documentation(number: number): string {
  return `192.0.2.${number % 256}`;
}
