import type { NoConnection } from '../ports.ts';

/** Reads from an error of the driver, or the error of Node below it, whether another try could end in another way. */
export function noConnection(error: unknown): NoConnection | undefined {
  const codes = codesOf(error);
  // EAI_AGAIN is the resolver's own word for a failure that passes; ENOTFOUND is the answer that there is no such name.
  if (codes.includes('ENOTFOUND')) return 'no-such-host';
  if (codes.some((code) => OF_CERTIFICATE.test(code))) return 'certificate';
  if (codes.some((code) => OF_TLS.test(code))) return 'tls';
  return undefined;
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const OF_CERTIFICATE =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_.*|UNABLE_TO_.*(CERT|ISSUER|SIGNATURE).*|(DEPTH_ZERO_)?SELF_SIGNED_CERT.*|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)$/;
/** What both ends speak does not fit together. */
const OF_TLS = /^(EPROTO|EENCRYPT|ERR_SSL_.*|ERR_TLS_.*)$/;

/** Those of the error, of its causes, and of its parts: every address of a host is tried. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...own, ...[error.cause, ...parts].flatMap(codesOf)];
}
