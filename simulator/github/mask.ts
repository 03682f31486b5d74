/** Hides secrets in what a job writes. Each job has its own, as each runner has. */
export interface Masker {
  add(secret: string): void;
  mask(text: string): string;
}

/**
 * A masker that knows these secrets. Like the runner it also hides a secret's single lines and its
 * JSON, URL and base64 forms (actions/runner src/Runner.Common/HostContext.cs).
 */
export function createMasker(secrets: Iterable<string>): Masker {
  const hidden = new Set<string>();
  let longestFirst: string[] = [];
  const masker: Masker = {
    add(secret) {
      for (const part of [secret, ...secret.split(/\r?\n/)]) {
        if (part.trim() === '') continue;
        for (const form of formsOf(part)) hidden.add(form);
      }
      longestFirst = [...hidden].sort((one, other) => other.length - one.length);
    },
    mask: (text) => longestFirst.reduce((masked, secret) => masked.replaceAll(secret, '***'), text),
  };
  for (const secret of secrets) masker.add(secret);
  return masker;
}

function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const bytes = Buffer.from(secret).subarray(shift);
    return bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  });
  const whole = Buffer.from(secret).toString('base64');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), whole, ...base64].filter(
    (form) => form === secret || form.length > 5,
  );
}
