import type { Log } from '../ports.ts';
import { plain } from '../settings/plain.ts';

/** As GitHub masks: a shorter value would blot out half of what is said. */
const SHORTEST = 6;

/** A log that remembers its secrets, for what is written past it: the runner masks logs and pages, and no files. */
export function withMasks(log: Log): { readonly log: Log; readonly masked: (text: string) => string } {
  const secrets = new Set<string>();
  return {
    log: {
      ...log,
      secret(value) {
        for (const line of value.split(/\r\n|\r|\n/))
          for (const form of [line, plain(line), JSON.stringify(line).slice(1, -1), inHtml(line)])
            if (form.trim().length >= SHORTEST) secrets.add(form);
        log.secret(value);
      },
    },
    masked: (text) => [...secrets].reduce((left, secret) => left.replaceAll(secret, '***'), text),
  };
}

/** As it stands in a page. */
function inHtml(text: string): string {
  const written = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (sign) => written[sign as keyof typeof written]);
}
