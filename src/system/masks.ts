import type { Log } from '../ports.ts';
import { plain } from '../settings/plain.ts';

/** As GitHub masks: a shorter value would blot out half of what is said. */
const SHORTEST = 6;

/** A log that remembers its secrets, for what is written past it: the runner masks logs, and of pages and files not what is escaped there. */
export function withMasks(log: Log): { readonly log: Log; readonly masked: (text: string) => string } {
  const secrets = new Set<string>();
  return {
    log: {
      ...log,
      secret(value) {
        for (const line of value.split(/\r\n|\r|\n/))
          for (const form of [line, plain(line), JSON.stringify(line).slice(1, -1), inHtml(line), ...inMarkdown(line)])
            if (form.trim().length >= SHORTEST) secrets.add(form);
        log.secret(value);
      },
    },
    masked: (text) => blotted(text, secrets),
  };
}

/** Without these secrets. Of two that overlap, or of which one holds the other, nothing is left. */
export function blotted(text: string, secrets: Iterable<string>): string {
  const found: (readonly [from: number, to: number])[] = [];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
      found.push([at, at + secret.length]);
  }
  let shown = '';
  let end = 0;
  for (const [from, to] of found.sort(([one], [other]) => one - other)) {
    if (from >= end) shown += `${text.slice(end, from)}***`;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
}

/** As text and as a name in the summary: the runner would not know it there, and the agent of Azure DevOps does not look. */
function inMarkdown(text: string): readonly string[] {
  const escaped = plain(text).replaceAll(/[\\`*_~[\]|#$]/g, '\\$&');
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return [
    escaped.replaceAll(/[&<>]/g, (sign) => entities[sign as keyof typeof entities]),
    plain(text).replaceAll('|', '\\|'),
  ];
}

/** As it stands in a page. */
function inHtml(text: string): string {
  const written = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (sign) => written[sign as keyof typeof written]);
}
